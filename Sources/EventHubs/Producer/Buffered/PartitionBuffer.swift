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

internal import Synchronization
internal import Tracing

/// The events of one partition that wait to be sent, or for what becomes of them: a ``BufferStateMachine`` with the tasks
/// that it asks for.
final class PartitionBuffer: Sendable {
    typealias Admission = BufferStateMachine.Admission

    let id: PartitionID

    private let eventHub: String
    private let sender: any BatchSender
    private let maximumWait: Duration
    private let waits: Watchdog
    private let report: @Sendable (BufferedBatch, PartitionID, EventHubsError?) -> Void
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var machine: BufferStateMachine
        /// What ends the wait for company of the batch begun last.
        var wait: Int?
        var sends: [Int: Task<Void, Never>] = [:]
        var waiters: [Int: CheckedContinuation<Admission?, Never>] = [:]
        var flushes: [Int: CheckedContinuation<Bool, Never>] = [:]
        var isAbandoned = false
    }

    /// Who has to be told something, once the lock is free.
    private struct Wakening {
        var admissions: [(CheckedContinuation<Admission?, Never>, Admission)] = []
        var flushes: [CheckedContinuation<Bool, Never>] = []

        func run() {
            for (continuation, admission) in admissions { continuation.resume(returning: admission) }
            for continuation in flushes { continuation.resume(returning: true) }
        }
    }

    /// - Parameters:
    ///   - id: the partition.
    ///   - eventHub: where the partition is, for errors.
    ///   - blank: an empty batch for it.
    ///   - sender: sends the batches.
    ///   - options: what the buffer may hold.
    ///   - waits: ends waits for company, which are all of one length.
    ///   - report: told of each batch once, when its result is there, before anybody else is.
    init(
        _ id: PartitionID,
        of eventHub: String,
        blank: EventDataBatch,
        sender: any BatchSender,
        options: BufferingOptions,
        waits: Watchdog,
        report: @escaping @Sendable (BufferedBatch, PartitionID, EventHubsError?) -> Void
    ) {
        self.id = id
        self.eventHub = eventHub
        self.sender = sender
        self.waits = waits
        self.report = report
        maximumWait = options.maximumWait
        let sends = max(options.maximumConcurrentSends, 1)
        let bytes = options.maximumBufferedBytes ?? Int(clamping: (Int128(sends) + 1) * Int128(blank.maximumSize))
        let limits = BufferStateMachine.Limits(
            batchCount: max(options.maximumBatchCount ?? .max, 1),
            bufferedCount: max(options.maximumBufferedCount, 1),
            bufferedBytes: max(bytes, 1),
            sends: sends,
            sendsAtOnce: options.maximumWait <= .zero
        )
        state = Mutex(State(machine: BufferStateMachine(blank, limits: limits)))
    }

    /// How many events have no result yet.
    var unsettledCount: Int { state.withLock { $0.machine.unsettledCount } }

    /// Takes an event in; nil when there is no room now.
    func tryAdd(_ event: EventData, key: String?, isSubmitted: Bool) -> Admission? {
        var wakening: Wakening?
        let admission = state.withLock { state in
            let admission = state.machine.add(event, key: key, isSubmitted: isSubmitted)
            if !state.machine.isAtRest {
                var actions = BufferStateMachine.Actions()
                state.machine.proceed(&actions)
                wakening = begin(actions, &state)
            }
            return admission
        }
        wakening?.run()
        return admission
    }

    /// Takes an event in as soon as there is room; those who wait get in in their order.
    /// - Throws: ``EventHubsError`` with code `cancelled` when the calling task is cancelled before: the event is not in.
    func add(_ event: EventData, key: String?, isSubmitted: Bool) async throws(EventHubsError) -> Admission {
        let entry = BufferStateMachine.Entry(event: event, key: key, isSubmitted: isSubmitted, parent: .current)
        let ticket = state.withLock { $0.machine.makeTicket() }
        let admission = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Admission?, Never>) in
                var wakening = Wakening()
                let admission: Admission?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    var actions = BufferStateMachine.Actions()
                    if let admission = state.machine.add(entry, waitingAs: ticket, &actions) {
                        wakening = begin(actions, &state)
                        return admission
                    }
                    state.waiters[ticket] = continuation
                    wakening = begin(actions, &state)
                    return nil
                }
                wakening.run()
                if let admission { continuation.resume(returning: admission) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.machine.withdraw(ticket) ? state.waiters.removeValue(forKey: ticket) : nil
            }
            continuation?.resume(returning: nil)
        }
        guard let admission else { throw .cancelled }
        return admission
    }

    /// Sends what is held without waiting for company, and waits until all of it has its result.
    /// - Throws: ``EventHubsError`` with code `cancelled` when the calling task is cancelled before.
    func flush() async throws(EventHubsError) {
        let ticket = state.withLock { $0.machine.makeTicket() }
        let isDone = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                var wakening = Wakening()
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    var actions = BufferStateMachine.Actions()
                    let isDone = state.machine.flush(as: ticket, &actions)
                    if !isDone { state.flushes[ticket] = continuation }
                    wakening = begin(actions, &state)
                    return isDone ? true : nil
                }
                wakening.run()
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.machine.withdrawFlush(ticket)
                return state.flushes.removeValue(forKey: ticket)
            }
            continuation?.resume(returning: false)
        }
        guard isDone else { throw .cancelled }
    }

    /// Takes nothing in any more; what is held is still sent.
    func close() {
        change { machine, actions in machine.close(&actions) }
    }

    /// Gives up what has no result yet: each event gets one now.
    func abandon() async {
        let (batches, sends) = state.withLock { state in
            state.isAbandoned = true
            if let wait = state.wait { _ = waits.dismiss(wait) }
            return (state.machine.abandon(), Array(state.sends.values))
        }
        for batch in batches {
            tell(batch, EventHubsError(.closed, "The producer was closed before the events could be sent."))
            change { machine, actions in machine.settled(batch, &actions) }
        }
        for send in sends { send.cancel() }
        for send in sends { await send.value }
    }

    /// Sends a batch, and then what may follow it, without a task of its own for each.
    private func send(_ batch: BufferedBatch) async {
        var next: BufferedBatch? = batch
        while let batch = next {
            tell(batch, await failure(of: batch))
            next = settled(batch)
        }
    }

    /// Sends a batch; why it failed, if it did.
    private func failure(of batch: BufferedBatch) async -> EventHubsError? {
        var failure: EventHubsError?
        do throws(EventHubsError) {
            try await sender.send(batch.events)
        } catch {
            failure = error
        }
        if failure?.code == .cancelled, state.withLock({ $0.isAbandoned }) {
            failure = EventHubsError(
                .closed,
                "The producer was closed while the events were on their way: they may have arrived or not."
            )
        }
        return failure
    }

    /// Tells whom it concerns what became of a batch.
    private func tell(_ batch: BufferedBatch, _ failure: EventHubsError?) {
        let failure = failure?.about(eventHub, id)
        report(batch, id, failure)
        batch.outcome?.resolve(failure.map { .failure($0) } ?? .success(()))
    }

    /// A batch has its result; the one to be sent next, if there is one.
    private func settled(_ batch: BufferedBatch) -> BufferedBatch? {
        var wakening = Wakening()
        let next = state.withLock { state in
            var actions = BufferStateMachine.Actions()
            state.machine.settled(batch, &actions)
            let next = actions.sends.popLast()
            wakening = begin(actions, &state)
            return next
        }
        wakening.run()
        return next
    }

    /// Gives the machine an input and does what it asks for.
    private func change(_ input: (inout BufferStateMachine, inout BufferStateMachine.Actions) -> Void) {
        var wakening = Wakening()
        state.withLock { state in
            var actions = BufferStateMachine.Actions()
            input(&state.machine, &actions)
            wakening = begin(actions, &state)
        }
        wakening.run()
    }

    /// Starts the tasks that the machine asks for, with the lock held: none of them can end before it is noted.
    private func begin(_ actions: borrowing BufferStateMachine.Actions, _ state: inout State) -> Wakening {
        for batch in actions.sends {
            state.sends[batch.number] = Task {
                await self.send(batch)
                self.state.withLock { _ = $0.sends.removeValue(forKey: batch.number) }
            }
        }
        if let number = actions.timer {
            if let wait = state.wait { _ = waits.dismiss(wait) }
            state.wait = waits.watch(until: waits.deadline(in: maximumWait)) {
                self.change { machine, actions in machine.waited(for: number, &actions) }
            }
        }
        var wakening = Wakening()
        for (ticket, admission) in actions.admissions {
            if let continuation = state.waiters.removeValue(forKey: ticket) {
                wakening.admissions.append((continuation, admission))
            }
        }
        for ticket in actions.flushed {
            if let continuation = state.flushes.removeValue(forKey: ticket) { wakening.flushes.append(continuation) }
        }
        return wakening
    }
}
