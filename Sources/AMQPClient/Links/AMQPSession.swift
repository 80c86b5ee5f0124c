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

import AMQPCodec
import AMQPEngine

/// A session: the context in which links exist and deliveries are numbered.
///
/// Use ``AMQPConnection/withSession(_:)``.
public final class AMQPSession: Sendable {
    /// The connection of this session.
    public let connection: AMQPConnection
    let id: SessionID
    package let remoteBegin: Begin

    init(connection: AMQPConnection, id: SessionID, remoteBegin: Begin) {
        self.connection = connection
        self.id = id
        self.remoteBegin = remoteBegin
    }

    /// Attaches a sender, runs `body`, and detaches the sender, whatever comes of it.
    ///
    /// - Parameters:
    ///   - address: the node to send to.
    ///   - options: what else the link asks for.
    ///   - body: what to do with the sender.
    /// - Returns: what `body` returns.
    /// - Throws: ``AMQPError``, or what `body` throws.
    public func withSender<Result>(
        to address: String,
        options: AMQPSenderOptions = AMQPSenderOptions(),
        _ body: (AMQPSender) async throws -> Result
    ) async throws -> Result {
        let sender = try await makeSender(to: address, options: options)
        do {
            let result = try await body(sender)
            await sender.close()
            return result
        } catch {
            await sender.close()
            throw error
        }
    }

    /// Attaches a receiver, runs `body`, and detaches the receiver, whatever comes of it.
    ///
    /// - Parameters:
    ///   - address: the node to receive from.
    ///   - options: what else the link asks for.
    ///   - body: what to do with the receiver.
    /// - Returns: what `body` returns.
    /// - Throws: ``AMQPError``, or what `body` throws.
    public func withReceiver<Result>(
        from address: String,
        options: AMQPReceiverOptions = AMQPReceiverOptions(),
        _ body: (AMQPReceiver) async throws -> Result
    ) async throws -> Result {
        let receiver = try await makeReceiver(from: address, options: options)
        do {
            let result = try await body(receiver)
            await receiver.close()
            return result
        } catch {
            await receiver.close()
            throw error
        }
    }

    /// Attaches a sender. Close it when it is not needed any more.
    package func makeSender(
        to address: String,
        options: AMQPSenderOptions = AMQPSenderOptions()
    ) async throws(AMQPError) -> AMQPSender {
        let link = SenderCore(connection: connection.core, options: options)
        let remoteAttach = try await connection.attach(link, options.engineOptions(for: address), to: id)
        return AMQPSender(core: link, connection: connection, remoteAttach: remoteAttach)
    }

    /// Attaches a receiver. Close it when it is not needed any more.
    package func makeReceiver(
        from address: String,
        options: AMQPReceiverOptions = AMQPReceiverOptions()
    ) async throws(AMQPError) -> AMQPReceiver {
        let link = ReceiverCore(connection: connection.core, options: options)
        let remoteAttach = try await connection.attach(link, options.engineOptions(for: address), to: id)
        return AMQPReceiver(core: link, connection: connection, remoteAttach: remoteAttach)
    }

    /// Ends the session and with it its links. Ending again does nothing.
    package func end() async {
        await connection.end(id)
    }
}

extension AMQPConnection {
    func attach(
        _ link: SenderCore,
        _ options: SenderOptions,
        to session: SessionID
    ) async throws(AMQPError) -> Attach {
        try core.attach(link, to: session) { engine throws(UsageError) in try engine.attachSender(session, options) }
        return try await attached(link)
    }

    func attach(
        _ link: ReceiverCore,
        _ options: ReceiverOptions,
        to session: SessionID
    ) async throws(AMQPError) -> Attach {
        try core.attach(link, to: session) { engine throws(UsageError) in
            try engine.attachReceiver(session, options)
        }
        // The flow with the first credit goes out right behind the attach.
        link.topUp()
        return try await attached(link)
    }

    func detach(_ link: some LinkCore) async {
        guard let detached = core.detach(link) else { return }
        _ = try? await answer(of: detached, "the detach of a link", scope: .link) { _ in }
    }

    func end(_ session: SessionID) async {
        guard let ended = core.endSession(session) else { return }
        _ = try? await answer(of: ended, "the end of a session", scope: .session) { _ in }
    }

    private func attached(_ link: some LinkCore) async throws(AMQPError) -> Attach {
        try await answer(of: link.attached, "the attach of a link", scope: .link) { core in _ = core.detach(link) }
    }
}
