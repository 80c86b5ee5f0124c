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
import AMQPDriver
import AMQPEngine
import AMQPTransport
import Synchronization

/// A sender link: the queue that any task may add to, behind a lock, and the deliveries that wait for their outcome, confined to the
/// loop.
final class SenderCore: LinkCore, @unchecked Sendable {
    let connection: ConnectionCore
    let attached = Waiter<Attach>()
    let detached = Waiter<Void>()
    private let options: AMQPSenderOptions
    private let queue = Mutex(SendQueue())

    // Confined to the loop.
    private(set) var id: LinkID?
    private var inFlight = InFlightSends()
    private var availableCredit = 0

    init(connection: ConnectionCore, options: AMQPSenderOptions) {
        self.connection = connection
        self.options = options
    }

    // MARK: Any thread

    /// The link's mode is to send everything settled.
    var sendsSettled: Bool { options.senderSettleMode == .settled }

    /// Queues a message; the loop is woken once for all that are queued meanwhile.
    func submit(_ delivery: OutgoingDelivery, _ send: PendingSend) throws(AMQPError) {
        let wakes = try queue.withLock { queue throws(AMQPError) in
            if let end = queue.end { throw end }
            guard queue.count < options.maximumWaiting else { throw AMQPError(.tooManyPendingDeliveries) }
            queue.append(SendQueue.Message(delivery: delivery, send: send))
            return Self.schedule(&queue)
        }
        if wakes { wakeLoop() }
    }

    /// Queues a message if there is room for it, or says that there is none.
    func trySubmit(_ delivery: OutgoingDelivery, _ send: PendingSend) throws(AMQPError) -> Bool {
        let wakes: Bool? = try queue.withLock { queue throws(AMQPError) in
            if let end = queue.end { throw end }
            let isIn = queue.tryAppend(SendQueue.Message(delivery: delivery, send: send), options)
            return isIn ? Self.schedule(&queue) : nil
        }
        if wakes == true { wakeLoop() }
        return wakes != nil
    }

    /// Queues a message as soon as there is room for it. Cancelling the task ends the wait: the message is not sent then.
    func enter(_ delivery: OutgoingDelivery, _ send: PendingSend) async throws(AMQPError) {
        let error = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<AMQPError?, Never>) in
                let (error, wakes): (AMQPError?, Bool) = queue.withLock { queue in
                    if let end = queue.end { return (end, false) }
                    // Looked at under the lock that the handler below takes: whichever comes later ends the wait.
                    if Task.isCancelled { return (.cancelled(), false) }
                    guard queue.count < options.maximumWaiting else {
                        return (AMQPError(.tooManyPendingDeliveries), false)
                    }
                    queue.append(SendQueue.Message(delivery: delivery, send: send), continuation)
                    return (nil, Self.schedule(&queue))
                }
                if let error { continuation.resume(returning: error) }
                if wakes { wakeLoop() }
            }
        } onCancel: {
            queue.withLock { $0.withdraw(send) }?.resume(returning: .cancelled())
        }
        if let error { throw error }
    }

    private static func schedule(_ queue: inout SendQueue) -> Bool {
        defer { queue.isScheduled = true }
        return !queue.isScheduled
    }

    private func wakeLoop() {
        connection.loop.execute { self.flush() }
    }

    // MARK: The loop

    func begin(_ id: LinkID) {
        self.id = id
    }

    func handle(_ event: LinkEvent) {
        switch event {
        case .credit(let credit):
            availableCredit = Int(clamping: credit)
            flush()
        case .updated(let first, let last, let state, let settled):
            updated(first, last, state, settled)
        case .deliveries, .drained, .aborted:
            break
        }
    }

    func ended(_ error: AMQPError?) {
        let error = error ?? AMQPError(.detachedLocally(answer: nil))
        id = nil
        let (sends, newcomers) = queue.withLock { $0.close(error) }
        for newcomer in newcomers { newcomer.resume(returning: error) }
        for send in sends { send.resolve(.failure(error)) }
        for send in inFlight.removeAll() { send.resolve(.failure(error)) }
    }

    private func flush() {
        // Before there is a link the messages wait for `begin(_:)` and its credit.
        guard let id else {
            queue.withLock { $0.isScheduled = false }
            return
        }
        let messages = takeSendable()
        guard !messages.isEmpty else { return }
        // Kept here meanwhile: every look at the object's own would be checked for exclusive access.
        var (flying, credit) = (InFlightSends(), availableCredit)
        swap(&flying, &inFlight)
        connection.driver.withEngine { engine in
            for message in messages { Self.send(message, on: id, &engine, &flying, &credit) }
        }
        swap(&flying, &inFlight)
        availableCredit = credit
    }

    private static func send(
        _ message: SendQueue.Message,
        on id: LinkID,
        _ engine: inout Engine,
        _ flying: inout InFlightSends,
        _ credit: inout Int
    ) {
        do throws(UsageError) {
            let number = try engine.send(id, message.delivery)
            credit = max(credit - 1, 0)
            if message.isSettled {
                message.send.resolve(.accepted)
            } else {
                flying.append(message.send, size: message.size, as: number)
            }
        } catch {
            message.send.resolve(.failure(AMQPError(error)))
        }
    }

    /// Takes the messages that may go: those whose task has given up are dropped, nothing of them has been sent.
    private func takeSendable() -> [SendQueue.Message] {
        var taken: [SendQueue.Message] = []
        var moved: [UnsafeContinuation<AMQPError?, Never>] = []
        var (count, bytes, credit) = (inFlight.count, inFlight.bytes, availableCredit)
        queue.withLock { queue in
            queue.isScheduled = false
            queue.moveUp(options, &moved)
            while let next = queue.next, !next.isWanted || mayGo(next, count, bytes, credit) {
                let message = queue.removeFirst()
                queue.moveUp(options, &moved)
                guard next.isWanted else { continue }
                if !next.isSettled { (count, bytes) = (count + 1, bytes + next.size) }
                credit = max(credit - 1, 0)
                taken.append(message)
            }
        }
        for continuation in moved { continuation.resume(returning: nil) }
        return taken
    }

    private func mayGo(_ next: SendQueue.Next, _ count: Int, _ bytes: Int, _ credit: Int) -> Bool {
        // Settled deliveries are done when they are handed over: they may not pile up behind missing credit.
        if next.isSettled, credit == 0 { return false }
        return count < options.maximumInFlight && (count == 0 || bytes + next.size <= options.maximumInFlightBytes)
    }

    private func updated(_ first: SendID, _ last: SendID, _ state: DeliveryState?, _ settled: Bool) {
        // An outcome that the peer has not settled yet is final for the sender; a mere state is not.
        guard settled || state?.outcome != nil else { return }
        let answer = Self.answer(to: state)
        inFlight.remove(from: first, through: last) { $0.resolve(answer) }
        flush()
    }

    private static func answer(to state: DeliveryState?) -> PendingSend.Answer {
        // A receiver that settles without a state has no objection: accepted is the default outcome of our sources.
        guard let state else { return .accepted }
        switch state.outcome {
        case .accepted?: return .accepted
        case let outcome?: return .outcome(outcome)
        case nil:
            return .failure(
                AMQPError(
                    code: .unknownOutcome,
                    scope: .delivery,
                    initiator: .remote,
                    message: "the delivery was settled with the state \(state)"
                )
            )
        }
    }
}
