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

import Synchronization

/// One thread that waits for sockets and timers, and runs the jobs of the actors and tasks pinned to it.
///
/// A turn of the loop is: wait, socket events, due timers, jobs, then the end-of-turn handlers. Everything marked as
/// confined to the loop may be touched only by code that runs in a turn: `isOnLoop` is true there. What other threads may touch is
/// atomic or behind a lock.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private enum Work: Sendable {
        case job(UnownedJob)
        case body(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        var sleeps = false
        var stops = false
    }

    private let inbox = Mutex(Inbox())
    private let thread = Atomic<UInt>(0)
    private let timerSequence = Atomic<UInt64>(0)
    private let wakeDescriptor: Int32
    private let stopped = Mutex<[CheckedContinuation<Void, Never>]?>([])

    // Confined to the loop.
    private let poller: PlatformPoller
    private var timers = LoopTimers()
    private var registrations = RegistrationTable()
    private var running: [Work] = []
    private var turnHandlers: [any EndOfTurnHandler] = []

    /// Starts the loop's thread.
    package init(name: String = "amqp-loop") throws(TransportError) {
        poller = try PlatformPoller()
        wakeDescriptor = poller.wakeDescriptor
        // The thread keeps the loop alive until it is shut down.
        guard Thread.start(name: name, { self.run() }) else {
            throw TransportError(code: .resourcesExhausted, operation: .poll, reason: "cannot start a thread")
        }
    }

    /// The clock of all deadlines.
    package var now: ContinuousClock.Instant { ContinuousClock.now }

    package var isOnLoop: Bool { thread.load(ordering: .relaxed) == Thread.currentIdentity }

    package func assertOnLoop() {
        assert(isOnLoop, "called outside of the event loop")
    }

    // MARK: Jobs, from any thread

    package func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Runs `body` in a later turn, in the order of the calls.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        submit(.body(body))
    }

    package func checkIsolated() {
        precondition(isOnLoop, "not on the event loop")
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isOnLoop
    }

    /// Calls `body` at `deadline` or soon after it, in a turn of the loop.
    @discardableResult
    package func schedule(
        at deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable () -> Void
    ) -> LoopTimer {
        let (sequence, _) = timerSequence.add(1, ordering: .relaxed)
        let timer = LoopTimer(deadline: deadline, sequence: sequence, loop: self, body: body)
        if isOnLoop {
            timers.insert(timer)
        } else {
            execute { self.timers.insert(timer) }
        }
        return timer
    }

    func remove(_ timer: LoopTimer) {
        if isOnLoop {
            timers.remove(timer)
        } else {
            execute { self.timers.remove(timer) }
        }
    }

    /// Ends the thread once the jobs it has are done, and waits for that. Call it when nothing uses the loop any more:
    /// jobs that come later never run.
    package func shutdown() async {
        precondition(!isOnLoop, "a loop cannot wait for its own end")
        await withCheckedContinuation { continuation in
            let isDone = stopped.withLock { waiters in
                waiters?.append(continuation)
                return waiters == nil
            }
            if isDone {
                continuation.resume()
            } else {
                inbox.withLock { $0.stops = true }
                PlatformPoller.wake(wakeDescriptor)
            }
        }
    }

    private func submit(_ work: Work) {
        let wakes = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.sleeps = false }
            return inbox.sleeps
        }
        if wakes { PlatformPoller.wake(wakeDescriptor) }
    }

    // MARK: Confined to the loop

    /// Watches a descriptor until `deregister(_:)`, which must come before the descriptor is closed.
    package func register(
        _ descriptor: Int32,
        interest: Interest,
        handler: any ReadinessHandler
    ) throws(TransportError) -> LoopRegistration {
        assertOnLoop()
        let registration = registrations.insert(descriptor, interest: interest, handler: handler)
        do {
            try poller.add(descriptor, interest: interest, token: registration.token)
        } catch {
            _ = registrations.remove(registration)
            throw error
        }
        return registration
    }

    package func update(_ registration: LoopRegistration, interest: Interest) {
        assertOnLoop()
        guard let (descriptor, old) = registrations.update(registration, interest: interest), old != interest else {
            return
        }
        // A descriptor that is registered and open cannot fail here.
        try? poller.modify(descriptor, from: old, to: interest, token: registration.token)
    }

    package func deregister(_ registration: LoopRegistration) {
        assertOnLoop()
        guard let (descriptor, interest) = registrations.remove(registration) else { return }
        poller.remove(descriptor, interest: interest)
    }

    /// Calls `handler` once, at the end of this turn.
    package func atEndOfTurn(_ handler: any EndOfTurnHandler) {
        assertOnLoop()
        turnHandlers.append(handler)
    }

    /// Lets the threads go first that use what the loop has brought, if they are ready to run.
    package func yield() {
        assertOnLoop()
        Thread.yield()
    }

    private func run() {
        thread.store(Thread.currentIdentity, ordering: .sequentiallyConsistent)
        var stops = false
        while !stops {
            let timeout = prepareToWait()
            poller.wait(milliseconds: timeout) { token, readiness in
                registrations.handler(for: token)?.isReady(readiness)
            }
            fireTimers()
            stops = runJobs()
            endTurn()
        }
        // What is still watched or due goes with the loop: streams and timers hold the loop that holds them.
        timers = LoopTimers()
        registrations = RegistrationTable()
        thread.store(0, ordering: .sequentiallyConsistent)
        let waiters = stopped.withLock { waiters in
            defer { waiters = nil }
            return waiters ?? []
        }
        for waiter in waiters { waiter.resume() }
    }

    private func prepareToWait() -> Int32 {
        let hasWork = inbox.withLock { inbox in
            inbox.sleeps = inbox.work.isEmpty && !inbox.stops
            return !inbox.sleeps
        }
        if hasWork || !turnHandlers.isEmpty { return 0 }
        guard let deadline = timers.nextDeadline else { return -1 }
        let left = now.duration(to: deadline)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        guard seconds < 3_600 else { return 3_600_000 }
        // Rounded up, so that the timer is due when the wait ends.
        return Int32(seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    private func fireTimers() {
        guard let first = timers.nextDeadline else { return }
        let now = self.now
        guard first <= now else { return }
        while let timer = timers.popDue(at: now) { timer.fire() }
    }

    /// Runs what was there when it began; true when the loop is to stop and nothing is left.
    private func runJobs() -> Bool {
        let stops = inbox.withLock { inbox in
            inbox.sleeps = false
            swap(&inbox.work, &running)
            return inbox.stops && running.isEmpty
        }
        guard !running.isEmpty else { return stops }
        let work = running
        running = []
        for item in work {
            switch item {
            case .job(let job):
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            case .body(let body):
                body()
            }
        }
        return false
    }

    private func endTurn() {
        while !turnHandlers.isEmpty {
            let handlers = turnHandlers
            turnHandlers.removeAll(keepingCapacity: true)
            for handler in handlers { handler.turnEnded() }
        }
    }
}
