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
import DequeModule
import Synchronization

/// A sender link: the queue that any task may add to, behind a lock, and the deliveries that wait for their outcome, confined to the
/// loop.
final class SenderCore: LinkCore, @unchecked Sendable {
    private struct Queue {
        var sends: Deque<PendingSend> = []
        var isScheduled = false
        var end: AMQPError?
    }

    let connection: ConnectionCore
    let attached = Waiter<Attach>()
    let detached = Waiter<Void>()
    private let options: AMQPSenderOptions
    private let queue = Mutex(Queue())

    // Confined to the loop.
    private(set) var id: LinkID?
    private var inFlight: [SendID: PendingSend] = [:]
    private var inFlightBytes = 0
    private var availableCredit = 0

    init(connection: ConnectionCore, options: AMQPSenderOptions) {
        self.connection = connection
        self.options = options
    }

    // MARK: Any thread

    /// The link's mode is to send everything settled.
    var sendsSettled: Bool { options.senderSettleMode == .settled }

    /// Queues a message; the loop is woken once for all that are queued meanwhile.
    func submit(_ send: PendingSend) throws(AMQPError) {
        let wakes = try queue.withLock { queue throws(AMQPError) in
            if let end = queue.end { throw end }
            guard queue.sends.count < options.maximumWaiting else { throw AMQPError(.tooManyPendingDeliveries) }
            queue.sends.append(send)
            defer { queue.isScheduled = true }
            return !queue.isScheduled
        }
        if wakes { connection.loop.execute { self.flush() } }
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
        let sends = queue.withLock { queue in
            if queue.end == nil { queue.end = error }
            defer { queue.sends = [] }
            return queue.sends
        }
        for send in sends { send.resolve(.failure(error)) }
        let flying = inFlight
        inFlight = [:]
        inFlightBytes = 0
        for send in flying.values { send.resolve(.failure(error)) }
    }

    private func flush() {
        // Before there is a link the messages wait for `begin(_:)` and its credit.
        guard let id else {
            queue.withLock { $0.isScheduled = false }
            return
        }
        let sends = takeSendable()
        guard !sends.isEmpty else { return }
        connection.driver.withEngine { engine in
            for send in sends { self.send(send, on: id, &engine) }
        }
    }

    private func send(_ send: PendingSend, on id: LinkID, _ engine: inout Engine) {
        let delivery = OutgoingDelivery(
            payload: send.payload,
            tag: send.tag,
            messageFormat: send.messageFormat,
            settled: send.isSettled ? true : nil
        )
        do throws(UsageError) {
            let sendID = try engine.send(id, delivery)
            availableCredit = max(availableCredit - 1, 0)
            if send.isSettled {
                send.resolve(.success(.accepted))
            } else {
                inFlight[sendID] = send
                inFlightBytes += send.payload.count
            }
        } catch {
            send.resolve(.failure(AMQPError(error)))
        }
    }

    /// Takes the messages that may go: those whose task has given up are dropped, nothing of them has been sent.
    private func takeSendable() -> [PendingSend] {
        var taken: [PendingSend] = []
        var (count, bytes, credit) = (inFlight.count, inFlightBytes, availableCredit)
        queue.withLock { queue in
            queue.isScheduled = false
            while let first = queue.sends.first {
                guard first.isWanted else {
                    queue.sends.removeFirst()
                    continue
                }
                // Settled deliveries are done when they are handed over: they may not pile up behind missing credit.
                if first.isSettled, credit == 0 { return }
                let size = first.payload.count
                guard count < options.maximumInFlight, count == 0 || bytes + size <= options.maximumInFlightBytes
                else { return }
                if !first.isSettled { (count, bytes) = (count + 1, bytes + size) }
                credit = max(credit - 1, 0)
                taken.append(queue.sends.removeFirst())
            }
        }
        return taken
    }

    private func updated(_ first: SendID, _ last: SendID, _ state: DeliveryState?, _ settled: Bool) {
        guard first <= last else { return }
        if last.rawValue - first.rawValue < UInt64(inFlight.count) {
            for value in first.rawValue...last.rawValue { updated(SendID(rawValue: value), state, settled) }
        } else {
            for id in inFlight.keys.filter({ $0 >= first && $0 <= last }) { updated(id, state, settled) }
        }
        flush()
    }

    private func updated(_ id: SendID, _ state: DeliveryState?, _ settled: Bool) {
        // An outcome that the peer has not settled yet is final for the sender; a mere state is not.
        guard settled || state?.outcome != nil, let send = inFlight.removeValue(forKey: id) else { return }
        inFlightBytes -= send.payload.count
        send.resolve(Self.answer(to: state))
    }

    private static func answer(to state: DeliveryState?) -> Result<Outcome, AMQPError> {
        // A receiver that settles without a state has no objection: accepted is the default outcome of our sources.
        guard let state else { return .success(.accepted) }
        if let outcome = state.outcome { return .success(outcome) }
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
