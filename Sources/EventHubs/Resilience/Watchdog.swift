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

/// Ends what takes too long: a deadline for each operation, and one task that sleeps for all of them.
///
/// A timer of its own for each operation would wake a thread twice for what nearly never happens. The one sleeper is woken when
/// the earliest deadline of those that were there when it lay down has come; by then that operation has mostly ended long ago.
package final class Watchdog: Sendable {
    private struct Watched {
        var deadline: Duration
        var end: @Sendable () -> Void
    }

    private struct State {
        var watched: [Int: Watched] = [:]
        var next = 0
        /// When the sleeper wakes, and which one it is; nil while nobody sleeps.
        var sleeper: (wakesAt: Duration, number: Int)?
        var sleepers = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    package init(now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// Calls `end` once `limit` has passed, on any thread, unless ``dismiss(_:)`` is called before.
    package func watch(for limit: Duration, _ end: @escaping @Sendable () -> Void) -> Int {
        let deadline = now() + limit
        let (id, sleeper) = state.withLock { state in
            state.next += 1
            state.watched[state.next] = Watched(deadline: deadline, end: end)
            return (state.next, Self.sleeper(until: deadline, in: &state))
        }
        if let sleeper { start(sleeper, for: limit) }
        return id
    }

    /// The operation has ended; false when its deadline came before.
    package func dismiss(_ id: Int) -> Bool { state.withLock { $0.watched.removeValue(forKey: id) != nil } }

    /// The number of a sleeper to be started, nil when one wakes early enough.
    private static func sleeper(until deadline: Duration, in state: inout State) -> Int? {
        if let sleeper = state.sleeper, sleeper.wakesAt <= deadline { return nil }
        state.sleepers += 1
        state.sleeper = (deadline, state.sleepers)
        return state.sleepers
    }

    private func start(_ number: Int, for duration: Duration) {
        Task.detached { [self] in
            try? await sleep(duration)
            wake(number)
        }
    }

    private func wake(_ number: Int) {
        let now = now()
        let (due, next) = state.withLock { state -> ([Watched], (number: Int, wait: Duration)?) in
            // One that was started later wakes earlier.
            guard state.sleeper?.number == number else { return ([], nil) }
            state.sleeper = nil
            let due = state.watched.filter { $0.value.deadline <= now }
            for id in due.keys { state.watched[id] = nil }
            guard let earliest = state.watched.values.map(\.deadline).min(),
                let number = Self.sleeper(until: earliest, in: &state)
            else { return (Array(due.values), nil) }
            return (Array(due.values), (number, earliest - now))
        }
        for watched in due { watched.end() }
        if let next { start(next.number, for: next.wait) }
    }
}
