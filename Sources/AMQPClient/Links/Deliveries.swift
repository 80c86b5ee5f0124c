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

public import AMQPEngine

/// The messages of a receiver, one by one, until its link ends.
///
/// Messages that arrive together are given out without waiting in between. ``AMQPReceiver/nextBatch()`` gives them
/// together.
public struct Deliveries: AsyncSequence, Sendable {
    /// One message.
    public typealias Element = Delivery
    /// Why the link ended.
    public typealias Failure = AMQPError

    let receiver: AMQPReceiver

    /// Begins to take messages; use one iterator at a time.
    public func makeAsyncIterator() -> Iterator {
        Iterator(receiver: receiver)
    }

    /// Takes messages from the receiver.
    public struct Iterator: AsyncIteratorProtocol {
        let receiver: AMQPReceiver
        private var batch: DeliveryBatch?
        private var index = 0

        init(receiver: AMQPReceiver) {
            self.receiver = receiver
        }

        /// The next message; nil when the link has ended without an error.
        public mutating func next() async throws(AMQPError) -> Delivery? {
            if let delivery = buffered() { return delivery }
            batch = try await receiver.nextBatch()
            index = batch?.startIndex ?? 0
            return buffered()
        }

        /// The next message; nil when the link has ended without an error.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(AMQPError) -> Delivery? {
            if let delivery = buffered() { return delivery }
            batch = try await receiver.nextBatch()
            index = batch?.startIndex ?? 0
            return buffered()
        }

        private mutating func buffered() -> Delivery? {
            guard let batch, index < batch.endIndex else { return nil }
            defer { index += 1 }
            return batch[index]
        }
    }
}
