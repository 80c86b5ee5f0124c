//===----------------------------------------------------------------------===//
//
// This source file is part of the swift-event-hubs open source project
//
// Copyright (c) 2026 the swift-event-hubs authors
// Licensed under Apache License v2.0
//
// See LICENSE for license information
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

/// The events of a partition as an asynchronous sequence, without end; ``batches`` gives them as they arrive.
///
/// The sequence is for one iterator: a second one shares the receiver with the first.
public struct PartitionEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = ReceivedEventData

    /// Why the events end.
    public typealias Failure = EventHubsError

    /// The receiver behind the sequence.
    public let receiver: PartitionReceiver

    package init(_ receiver: PartitionReceiver) { self.receiver = receiver }

    /// The events in the batches they arrive in.
    public var batches: PartitionBatches { PartitionBatches(receiver) }

    /// An iterator from where the receiver stands.
    public func makeAsyncIterator() -> Iterator { Iterator(receiver) }

    /// Walks through the events; waits only between batches.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let receiver: PartitionReceiver
        @usableFromInline var batch = EventBatch.empty
        @usableFromInline var position = EventBatch.empty.startIndex

        init(_ receiver: PartitionReceiver) { self.receiver = receiver }

        /// The next event; nil after the receiver has been closed.
        /// - Throws: ``EventHubsError``
        @inlinable
        public mutating func next() async throws(EventHubsError) -> ReceivedEventData? {
            while position == batch.endIndex {
                guard let next = try await receiver.nextBatch() else { return nil }
                batch = next
                position = next.startIndex
            }
            defer { position += 1 }
            return batch[position]
        }
    }
}

/// The events of a partition in the batches they arrive in.
public struct PartitionBatches: AsyncSequence, Sendable {
    /// Events that arrived together.
    public typealias Element = EventBatch

    /// Why the events end.
    public typealias Failure = EventHubsError

    private let receiver: PartitionReceiver

    init(_ receiver: PartitionReceiver) { self.receiver = receiver }

    /// An iterator from where the receiver stands.
    public func makeAsyncIterator() -> Iterator { Iterator(receiver: receiver) }

    /// Walks through the batches.
    public struct Iterator: AsyncIteratorProtocol {
        let receiver: PartitionReceiver

        /// The next batch; nil after the receiver has been closed.
        /// - Throws: ``EventHubsError``
        public mutating func next() async throws(EventHubsError) -> EventBatch? { try await receiver.nextBatch() }
    }
}
