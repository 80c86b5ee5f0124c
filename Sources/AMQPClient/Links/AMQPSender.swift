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
import AMQPEngine

/// Sends messages to one node of the peer.
///
/// Any number of tasks may send at once: their messages go out in the order of the calls, without waiting for each
/// other's outcome. One task has many under way with ``submit(_:settled:)``.
public final class AMQPSender: Sendable {
    private let core: SenderCore
    private let connection: AMQPConnection
    /// The peer's side of the link.
    package let remoteAttach: Attach

    init(core: SenderCore, connection: AMQPConnection, remoteAttach: Attach) {
        self.core = core
        self.connection = connection
        self.remoteAttach = remoteAttach
    }

    deinit {
        core.abandon()
    }

    /// The largest encoded message that the peer accepts; nil when it states no limit.
    public var maxMessageSize: UInt64? {
        remoteAttach.maxMessageSize.flatMap { $0 == 0 ? nil : $0 }
    }

    /// Sends a message and waits until the receiver has settled it.
    ///
    /// When the calling task is cancelled the wait ends with ``AMQPError/Code/cancelled``: the message may have been
    /// sent or not.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - settled: send it settled: nobody tells what became of it.
    /// - Returns: what became of the message; accepted for a message that was sent settled.
    /// - Throws: ``AMQPError``
    @discardableResult
    public func send(_ message: Message, settled: Bool = false) async throws(AMQPError) -> Outcome {
        try await send(encoded: message.encoded(), settled: settled)
    }

    /// Sends an encoded message; see ``send(_:settled:)``. `whileWaiting` gets a function that ends the wait with
    /// ``AMQPError/Code/timedOut``: the message may have been sent or not.
    @discardableResult
    package func send(
        encoded payload: [UInt8],
        messageFormat: UInt32 = 0,
        deliveryTag: [UInt8]? = nil,
        settled: Bool = false,
        whileWaiting: (_ giveUp: @escaping @Sendable () -> Void) -> Void = { _ in }
    ) async throws(AMQPError) -> Outcome {
        if Task.isCancelled { throw .cancelled() }
        let send = PendingSend()
        try core.submit(delivery(payload, messageFormat, deliveryTag, settled: settled), send)
        whileWaiting {
            send.giveUp()
            send.resolve(.failure(.timedOut("the outcome of a message", scope: .delivery)))
        }
        await send.wait()
        do throws(AMQPError) {
            return try await send.outcome()
        } catch {
            if error.code == .cancelled { send.giveUp() }
            throw error
        }
    }

    /// Takes a message in and tells later what became of it: a task that submits one after the other has them under way
    /// together, in their order.
    ///
    /// As many messages may wait to be sent as may be under way (``AMQPSenderOptions/maximumInFlight`` and
    /// ``AMQPSenderOptions/maximumInFlightBytes``): with more the call waits for room. When the calling task is cancelled
    /// before there is room, the message is not sent.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - settled: send it settled: nobody tells what became of it.
    /// - Returns: the receipt, which has the outcome.
    /// - Throws: ``AMQPError``: why the message was not taken in.
    @inlinable
    public func submit(_ message: Message, settled: Bool = false) async throws(AMQPError) -> SendReceipt {
        try await submit(encoded: message.encoded(), settled: settled)
    }

    /// Takes an encoded message in; see ``submit(_:settled:)``.
    @inlinable
    package func submit(encoded payload: [UInt8], settled: Bool = false) async throws(AMQPError) -> SendReceipt {
        // In the caller's own code: while there is room, nothing asynchronous is called.
        if let receipt = try submitAtOnce(payload, settled: settled) { return receipt }
        return try await submitWaiting(payload, settled: settled)
    }

    /// Takes a message in if there is room for it; nil otherwise.
    @usableFromInline
    func submitAtOnce(_ payload: [UInt8], settled: Bool) throws(AMQPError) -> SendReceipt? {
        let send = PendingSend()
        return try core.trySubmit(delivery(payload, 0, nil, settled: settled), send) ? SendReceipt(send) : nil
    }

    @usableFromInline
    func submitWaiting(_ payload: [UInt8], settled: Bool) async throws(AMQPError) -> SendReceipt {
        let send = PendingSend()
        try await core.enter(delivery(payload, 0, nil, settled: settled), send)
        return SendReceipt(send)
    }

    private func delivery(
        _ payload: [UInt8],
        _ messageFormat: UInt32,
        _ tag: [UInt8]?,
        settled: Bool
    ) -> OutgoingDelivery {
        OutgoingDelivery(
            payload: payload,
            tag: tag,
            messageFormat: messageFormat,
            settled: settled || core.sendsSettled ? true : nil
        )
    }

    /// Detaches the link. Sends that still wait fail with ``AMQPError/Code/linkDetached``. Closing again does nothing.
    package func close() async {
        await connection.detach(core)
    }
}
