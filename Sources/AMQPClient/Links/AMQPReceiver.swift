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

public import AMQPCodec
public import AMQPEngine

/// Receives messages from one node of the peer, for one task at a time.
public final class AMQPReceiver: Sendable {
    /// What a wait for messages came to.
    package enum Reception: Sendable {
        case batch(DeliveryBatch)
        /// Nothing came in the time given.
        case nothing
        /// The link has ended in good order.
        case ended
    }

    private let core: ReceiverCore
    private let connection: AMQPConnection
    /// The peer's side of the link.
    package let remoteAttach: Attach

    init(core: ReceiverCore, connection: AMQPConnection, remoteAttach: Attach) {
        self.core = core
        self.connection = connection
        self.remoteAttach = remoteAttach
    }

    deinit {
        core.abandon()
    }

    /// What has arrived, as soon as something has. Asking for the next batch makes room for more: credit follows
    /// consumption, in deliveries and in bytes.
    ///
    /// When the calling task is cancelled while it waits, the wait ends with ``AMQPError/Code/cancelled`` and no message
    /// is lost.
    ///
    /// - Returns: the messages; nil when the link has ended without an error and everything has been given out.
    /// - Throws: ``AMQPError``: why the link has ended.
    public func nextBatch() async throws(AMQPError) -> DeliveryBatch? {
        switch try await core.take(.max) {
        case .batch(let batch): return batch
        case .ended(let error?): throw error
        case .ended(nil), .nothing: return nil
        }
    }

    /// As ``nextBatch()``, with limits.
    ///
    /// - Parameters:
    ///   - maximumCount: how many messages at most.
    ///   - maximumWait: how long to wait for the first one; nil for ever.
    /// - Returns: the messages, or that there were none.
    /// - Throws: ``AMQPError``: why the link has ended.
    package func nextBatch(maximumCount: Int, maximumWait: Duration? = nil) async throws(AMQPError) -> Reception {
        let answer =
            if let maximumWait {
                try await core.take(max(maximumCount, 1), waitingAtMost: maximumWait)
            } else {
                try await core.take(max(maximumCount, 1))
            }
        switch answer {
        case .batch(let batch): return .batch(batch)
        case .nothing: return .nothing
        case .ended(let error?): throw error
        case .ended(nil): return .ended
        }
    }

    /// The messages one by one.
    public var deliveries: Deliveries { Deliveries(receiver: self) }

    /// Tells the sender what became of the messages of a batch, with one frame for each run of them. Messages that were
    /// sent settled are left out. It does not wait for the frame to be written.
    ///
    /// - Throws: ``AMQPError`` when the link has ended.
    public func settle(_ batch: DeliveryBatch, as outcome: Outcome) throws(AMQPError) {
        try core.settle(batch.lazy.map { (id: $0.deliveryID, isSettled: $0.isSettled) }, as: outcome)
    }

    /// Tells the sender what became of one message; see ``settle(_:as:)-(DeliveryBatch,_)``.
    ///
    /// - Throws: ``AMQPError`` when the link has ended.
    public func settle(_ delivery: Delivery, as outcome: Outcome) throws(AMQPError) {
        try core.settle(CollectionOfOne((id: delivery.deliveryID, isSettled: delivery.isSettled)), as: outcome)
    }

    /// The size of what has been received and not consumed: it waits here, or is the batch last given out.
    package var bufferedBytes: Int { core.mailbox.backlog.bytes }

    /// Allows the peer to send `credit` messages from here on, whatever it was allowed before. For links with
    /// ``AMQPReceiverOptions/Credit-swift.enum/manual`` credit.
    public func grant(_ credit: UInt32) {
        core.grant(credit)
    }

    /// Takes the credit back: the peer sends what it has, and then nothing before the next ``grant(_:)``. Waits until
    /// the peer has said so.
    ///
    /// - Throws: ``AMQPError``
    public func drain() async throws(AMQPError) {
        try await connection.drain(core)
    }

    /// Detaches the link; what has not been taken is dropped. A wait that is under way ends with nil. Closing again does
    /// nothing.
    package func close() async {
        await connection.close(core)
    }
}

extension AMQPConnection {
    func drain(_ link: ReceiverCore) async throws(AMQPError) {
        let drained = Waiter<Void>()
        link.drain(drained)
        try await answer(of: drained, "the answer to a drain", scope: .link) { _ in }
    }

    func close(_ link: ReceiverCore) async {
        link.isClosing = true
        await detach(link)
    }
}
