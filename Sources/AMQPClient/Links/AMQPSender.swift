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

/// Sends messages to one node of the peer.
///
/// Any number of tasks may send at once: their messages go out in the order of the calls, without waiting for each
/// other's outcome.
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

    /// Sends an encoded message; see ``send(_:settled:)``.
    @discardableResult
    package func send(
        encoded payload: [UInt8],
        messageFormat: UInt32 = 0,
        deliveryTag: [UInt8]? = nil,
        settled: Bool = false
    ) async throws(AMQPError) -> Outcome {
        if Task.isCancelled { throw .cancelled() }
        let send = PendingSend(
            payload: payload,
            messageFormat: messageFormat,
            tag: deliveryTag,
            isSettled: settled || core.sendsSettled
        )
        try core.submit(send)
        return try await send.outcome()
    }

    /// Detaches the link. Sends that still wait fail with ``AMQPError/Code/linkDetached``. Closing again does nothing.
    package func close() async {
        await connection.detach(core)
    }
}
