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

/// A clock that stands still until it is told to go on.
final class TestClock: Clock {
    typealias Instant = ContinuousClock.Instant
    typealias Duration = Swift.Duration

    private struct State {
        var now = ContinuousClock.now
        var nextSleeper: UInt64 = 0
        var sleepers: [UInt64: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var cancelled: Set<UInt64> = []
        var uses = 0
    }

    private let state = Mutex(State())

    var now: Instant {
        state.withLock { state in
            state.uses += 1
            return state.now
        }
    }

    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let sleeper = state.withLock { state in
            state.uses += 1
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(sleeper) != nil { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[sleeper] = (deadline, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                state.uses += 1
                guard let waiting = state.sleepers.removeValue(forKey: sleeper) else {
                    state.cancelled.insert(sleeper)
                    return nil as CheckedContinuation<Void, any Error>?
                }
                return waiting.continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Goes on by a time and wakes who has slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }.sorted { $0.key < $1.key }
            for (sleeper, _) in due { state.sleepers[sleeper] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until those who live by the clock have done what the present time asks of them: nobody has asked the clock for anything at
    /// some looks in a row, between which every task that could run had its turn. Without this a starved machine would let hours go by
    /// between two steps of one task. Whoever asks without end is not waited for.
    func settle() async throws {
        var (quiet, uses) = (0, -1)
        for _ in 0..<1_000 where quiet < 3 {
            try await Task.sleep(for: .milliseconds(1))
            for _ in 0..<16 { await Task.yield() }
            let seen = state.withLock(\.uses)
            quiet = seen == uses ? quiet + 1 : 0
            uses = seen
        }
    }

    /// How long nobody wakes; nil if nobody sleeps.
    var untilNextWaking: Duration? {
        state.withLock { state in state.sleepers.values.map(\.deadline).min().map { state.now.duration(to: $0) } }
    }

    var sleeperCount: Int {
        state.withLock { $0.sleepers.count }
    }
}
