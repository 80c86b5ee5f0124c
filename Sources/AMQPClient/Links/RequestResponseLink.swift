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

package import AMQPCodec
import AMQPEngine
import AMQPTransport
import Synchronization

/// A pair of links to one node: requests go out on one, responses come back on the other, matched by message and
/// correlation id. Any number of requests may be under way.
package final class RequestResponseLink: Sendable {
    private struct State {
        var waiting: [MessageID: Waiter<Message>] = [:]
        var nextRequest: UInt64 = 0
        var end: AMQPError?
    }

    /// Requests under way at once.
    private static let maximumRequests = 1_024

    private let connection: AMQPConnection
    private let sender: SenderCore
    private let receiver: ReceiverCore
    private let replyTo: String
    private let state: StateBox

    private final class StateBox: Sendable {
        let value = Mutex(State())
    }

    private init(
        connection: AMQPConnection,
        sender: SenderCore,
        receiver: ReceiverCore,
        replyTo: String,
        state: StateBox
    ) {
        self.connection = connection
        self.sender = sender
        self.receiver = receiver
        self.replyTo = replyTo
        self.state = state
    }

    deinit {
        sender.abandon()
        receiver.abandon()
    }

    /// Attaches both links to `node`.
    package static func open(
        on session: AMQPSession,
        node: String,
        properties: AMQPMap? = nil
    ) async throws(AMQPError) -> RequestResponseLink {
        let connection = session.connection
        let name = "\(node)-\(AMQPConnectionConfiguration.randomName())"
        var receiverOptions = AMQPReceiverOptions()
        receiverOptions.name = name
        receiverOptions.target.address = name
        receiverOptions.properties = properties
        receiverOptions.credit = .window(100)
        var senderOptions = AMQPSenderOptions()
        senderOptions.name = name
        senderOptions.properties = properties
        let state = StateBox()
        let receiver = ReceiverCore(
            connection: connection.core,
            options: receiverOptions,
            sink: { receiver, batch in received(batch, by: receiver, state) },
            sinkEnded: { error in ended(error, state) }
        )
        let sender = SenderCore(connection: connection.core, options: senderOptions)
        _ = try await connection.attach(receiver, receiverOptions.engineOptions(for: node), to: session.id)
        do {
            _ = try await connection.attach(sender, senderOptions.engineOptions(for: node), to: session.id)
        } catch {
            await connection.detach(receiver)
            throw error
        }
        return RequestResponseLink(
            connection: connection,
            sender: sender,
            receiver: receiver,
            replyTo: name,
            state: state
        )
    }

    /// Sends a request, with a message id and a reply-to address of our own, and waits for the response.
    ///
    /// - Throws: ``AMQPError``: `.timedOut` when no response comes in time, `.cancelled` when the task is cancelled.
    package func request(_ message: Message, timeout: Duration) async throws(AMQPError) -> Message {
        let response = Waiter<Message>()
        let id = try state.value.withLock { state throws(AMQPError) in
            if let end = state.end { throw end }
            guard state.waiting.count < Self.maximumRequests else {
                throw AMQPError(
                    code: .limitReached,
                    scope: .delivery,
                    initiator: .library,
                    message: "\(state.waiting.count) requests wait for their responses already"
                )
            }
            state.nextRequest += 1
            let id = MessageID.string("\(replyTo)-\(state.nextRequest)")
            state.waiting[id] = response
            return id
        }
        defer { state.value.withLock { _ = $0.waiting.removeValue(forKey: id) } }
        var message = message
        var properties = message.properties ?? Properties()
        properties.messageID = id
        properties.replyTo = replyTo
        message.properties = properties

        let loop = connection.core.loop
        let timer = loop.schedule(at: loop.now.advanced(by: timeout)) {
            response.resolve(.failure(.timedOut("the response to a request", scope: .delivery)))
        }
        defer { timer.cancel() }
        // Accepted means nothing yet; anything else means that no response will come.
        try sender.submit(OutgoingDelivery(payload: message.encoded()), PendingSend(response: response))
        return try await response.value()
    }

    /// Detaches both links; requests under way fail.
    package func close() async {
        await connection.detach(sender)
        await connection.close(receiver)
    }

    private static func received(_ batch: DeliveryBatch, by receiver: ReceiverCore, _ state: StateBox) {
        try? receiver.settle(batch.lazy.map { (id: $0.deliveryID, isSettled: $0.isSettled) }, as: .accepted)
        for delivery in batch {
            // What cannot be decoded or matched answers nobody.
            guard let message = try? Message(decoding: delivery.payload), let id = message.properties?.correlationID
            else { continue }
            state.value.withLock { $0.waiting.removeValue(forKey: id) }?.resolve(.success(message))
        }
    }

    private static func ended(_ error: AMQPError?, _ state: StateBox) {
        let end = error ?? AMQPError(.detachedLocally(answer: nil))
        let waiting = state.value.withLock { state in
            state.end = end
            defer { state.waiting = [:] }
            return state.waiting
        }
        for waiter in waiting.values { waiter.resolve(.failure(end)) }
    }
}
