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

/// Opens once and stays open; any number of tasks may wait for it, for ever or until a deadline.
///
/// Waiting ignores cancellation on purpose: it is used by tasks that must finish their work in good order.
final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    var isOpen: Bool {
        state.withLock { $0.isOpen }
    }

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Waits until the latch is open.
    func wait() async {
        _ = await withCheckedContinuation { continuation in
            _ = register(continuation)
        }
    }

    /// Waits until the latch is open or the time has come.
    ///
    /// - Returns: True if the latch is open.
    func wait(until deadline: ContinuousClock.Instant, on clock: ProcessorClock) async -> Bool {
        var sleeper: Task<Void, Never>?
        let opened = await withCheckedContinuation { continuation in
            guard let waiter = register(continuation) else { return }
            sleeper = Task { @concurrent in
                try? await clock.sleep(until: deadline)
                self.expire(waiter)
            }
        }
        sleeper?.cancel()
        return opened
    }

    /// Waits until the latch is open or the time has passed.
    ///
    /// - Returns: True if the latch is open.
    func wait(for duration: Duration, on clock: ProcessorClock) async -> Bool {
        await wait(until: clock.now.advanced(by: duration), on: clock)
    }

    /// Nil: it is open already and the continuation has been resumed.
    private func register(_ continuation: CheckedContinuation<Bool, Never>) -> UInt64? {
        let waiter: UInt64? = state.withLock { state in
            guard !state.isOpen else { return nil }
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = continuation
            return state.nextWaiter
        }
        if waiter == nil { continuation.resume(returning: true) }
        return waiter
    }

    private func expire(_ waiter: UInt64) {
        let continuation = state.withLock { $0.waiters.removeValue(forKey: waiter) }
        continuation?.resume(returning: false)
    }
}
