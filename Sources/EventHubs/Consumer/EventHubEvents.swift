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

/// The events of all partitions of an event hub as one asynchronous sequence of batches, without end. The order holds within
/// each partition; partitions that have events take turns.
///
/// The sequence is for one iterator: a second one shares the events with the first.
public struct EventHubEvents: AsyncSequence, Sendable {
    /// Events of one partition that arrived together.
    public struct Element: Sendable {
        /// Where the events come from.
        public let partitionID: PartitionID

        /// The events.
        public let events: EventBatch
    }

    /// Why the events end.
    public typealias Failure = EventHubsError

    let exchange: BatchExchange

    /// An iterator from where the sequence stands.
    public func makeAsyncIterator() -> Iterator { Iterator(exchange: exchange) }

    /// Walks through the batches.
    public struct Iterator: AsyncIteratorProtocol {
        let exchange: BatchExchange

        /// The next batch.
        ///
        /// When the calling task is cancelled, the wait ends with ``EventHubsError/Code/cancelled`` and no event is lost.
        /// - Throws: ``EventHubsError``: what ended the receiving of a partition, and with it of all.
        public mutating func next() async throws(EventHubsError) -> Element? { try await exchange.next() }
    }
}

extension EventHubConsumer {
    /// Opens all partitions, runs `body` with their events, and closes them, whatever comes of it. This reads everything
    /// in one process and keeps no checkpoints: to share the work among several there is the module `EventHubsProcessor`.
    ///
    /// The event hub is asked every minute whether partitions have been added; these are read from their beginning.
    /// - Parameters:
    ///   - position: where to begin in each partition there is now.
    ///   - options: how each partition is received; prefetch counts for each of them.
    ///   - body: what to do with the events.
    /// - Returns: what `body` returns.
    /// - Throws: ``EventHubsError``, or what `body` throws.
    public func withAllPartitions<Result>(
        from position: EventPosition,
        options: PartitionOptions = PartitionOptions(),
        _ body: (EventHubEvents) async throws -> Result
    ) async throws -> Result {
        let reader = HubReader(
            list: { () async throws(EventHubsError) in try await self.properties().partitionIDs },
            open: { id, position async throws(EventHubsError) in
                try await self.openPartition(id, from: position, options: options)
            },
            sleep: sleep,
            logger: configuration.logger
        )
        let ids = try await reader.list()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await reader.run(ids, from: position) }
            defer { group.cancelAll() }
            return try await body(EventHubEvents(exchange: reader.exchange))
        }
    }
}
