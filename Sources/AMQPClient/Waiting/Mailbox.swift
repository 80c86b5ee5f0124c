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

import AMQPEngine
import DequeModule
import Synchronization

/// Where a link's loop leaves batches for the task that consumes them.
///
/// Taking a batch that is there costs one lock and no suspension. Credit follows consumption: the mailbox counts what has
/// been consumed, and what has not.
final class Mailbox: Sendable {
    /// What a wait came to.
    enum Answer: Sendable {
        case batch(DeliveryBatch)
        /// Nothing came in the time given.
        case nothing
        case ended(AMQPError?)
    }

    /// A batch and its size, which is counted once.
    private struct Parcel {
        let batch: DeliveryBatch
        let bytes: Int
    }

    /// What has been received and not yet consumed.
    struct Backlog: Sendable {
        var count = 0
        var bytes = 0
    }

    private typealias Waiters = Deque<(id: UInt64, maximum: Int, continuation: UnsafeContinuation<Answer, Never>)>

    private struct State {
        var batches: Deque<Parcel> = []
        var waiters: Waiters = []
        var nextWaiter: UInt64 = 0
        var queued = Backlog()
        /// Given out with the last answer: consumed when the next one is asked for.
        var out = Backlog()
        var consumed = 0
        var threshold = Int.max
        var end: AMQPError??
    }

    private let state = Mutex(State())
    // MARK: The loop's side

    /// Leaves a batch of `bytes` bytes; what has not been consumed by now is returned.
    @discardableResult
    func push(_ batch: DeliveryBatch, bytes: Int) -> Backlog {
        let (waiter, answer, backlog) = state.withLock { state in
            guard case nil = state.end else {
                return (nil as UnsafeContinuation<Answer, Never>?, batch, Backlog())
            }
            state.queued.count += batch.count
            state.queued.bytes += bytes
            let backlog = Backlog(
                count: state.queued.count + state.out.count,
                bytes: state.queued.bytes + state.out.bytes
            )
            let parcel = Parcel(batch: batch, bytes: bytes)
            guard let waiter = state.waiters.popFirst() else {
                state.batches.append(parcel)
                return (nil, batch, backlog)
            }
            return (waiter.continuation, Self.take(parcel, waiter.maximum, from: &state), backlog)
        }
        waiter?.resume(returning: .batch(answer))
        return backlog
    }

    /// No more comes; what is inside is still given out, unless `discarding`.
    func finish(_ error: AMQPError?, discarding: Bool = false) {
        let waiters = state.withLock { state in
            if discarding {
                state.batches = []
                state.queued = Backlog()
            }
            guard case nil = state.end else { return Waiters() }
            state.end = .some(error)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: .ended(error)) }
    }

    /// What is inside or in the consumer's hands.
    var backlog: Backlog {
        state.withLock { state in
            Backlog(count: state.queued.count + state.out.count, bytes: state.queued.bytes + state.out.bytes)
        }
    }

    /// From here on, the consumer reports once when it has consumed `count` deliveries.
    func reportConsumption(after count: Int) {
        state.withLock { state in
            state.consumed = 0
            state.threshold = max(count, 1)
        }
    }

    // MARK: The consumer's side

    /// The next batch, of `maximum` deliveries at most. Asking for it consumes the last one; `consumed` is called when
    /// that is to be reported. What is there is given at once. A wait, and only a wait, can be cancelled: it throws
    /// then, and nothing is lost. `whileWaiting` gets a function that ends the wait with `.nothing`.
    func take(
        _ maximum: Int,
        consumed: () -> Void,
        whileWaiting: (_ giveUp: @escaping @Sendable () -> Void) -> Void = { _ in }
    ) async throws(AMQPError) -> Answer {
        let (answer, isDue) = state.withLock { state -> (Answer?, Bool) in
            let isDue = Self.consumeLast(&state)
            return (Self.takeNext(maximum, from: &state), isDue)
        }
        if isDue { consumed() }
        if let answer { return answer }
        return try await wait(maximum, whileWaiting)
    }

    private func wait(
        _ maximum: Int,
        _ whileWaiting: (_ giveUp: @escaping @Sendable () -> Void) -> Void
    ) async throws(AMQPError) -> Answer {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let answer = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Answer, Never>) in
                let answer: Answer? = state.withLock { state in
                    if let answer = Self.takeNext(maximum, from: &state) { return answer }
                    // Set before the handler below runs: whichever comes later ends the wait.
                    if Task.isCancelled { return .nothing }
                    state.waiters.append((id, maximum, continuation))
                    return nil
                }
                if let answer {
                    continuation.resume(returning: answer)
                } else {
                    whileWaiting { [self] in endWait(id) }
                }
            }
        } onCancel: {
            endWait(id)
        }
        if case .nothing = answer, Task.isCancelled { throw .cancelled() }
        return answer
    }

    private func endWait(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .nothing)
    }

    private static func consumeLast(_ state: inout State) -> Bool {
        state.consumed += state.out.count
        state.out = Backlog()
        guard state.consumed >= state.threshold else { return false }
        state.threshold = .max
        return true
    }

    private static func takeNext(_ maximum: Int, from state: inout State) -> Answer? {
        if let parcel = state.batches.popFirst() { return .batch(take(parcel, maximum, from: &state)) }
        if case .some(let error) = state.end { return .ended(error) }
        return nil
    }

    /// Gives out at most `maximum` deliveries of `parcel`; the rest goes back to the front.
    private static func take(_ parcel: Parcel, _ maximum: Int, from state: inout State) -> DeliveryBatch {
        var taken = parcel
        if parcel.batch.count > maximum {
            let batch = parcel.batch.prefix(maximum)
            taken = Parcel(batch: batch, bytes: batch.byteCount)
            let rest = Parcel(batch: parcel.batch.dropFirst(maximum), bytes: parcel.bytes - taken.bytes)
            state.batches.prepend(rest)
        }
        state.queued.count -= taken.batch.count
        state.queued.bytes -= taken.bytes
        state.out.count += taken.batch.count
        state.out.bytes += taken.bytes
        return taken.batch
    }
}
