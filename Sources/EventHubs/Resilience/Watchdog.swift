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
    /// When something has taken too long.
    package struct Deadline: Sendable, Comparable {
        fileprivate let time: Duration
        /// How long it may take, from its beginning.
        private let limit: Duration

        fileprivate init(time: Duration, limit: Duration) {
            self.time = time
            self.limit = limit
        }

        /// What is thrown when `name` has not ended by then.
        func error(of name: String) -> EventHubsError {
            EventHubsError(.timeout, "\(name) took longer than \(limit).", retryAdvice: .later)
        }

        package static func < (left: Self, right: Self) -> Bool { left.time < right.time }
    }

    /// Longer than anything lasts: with this the addition below cannot overflow.
    private static let century = Duration.seconds(100 * 365 * 86_400)

    private struct Watched {
        var deadline: Deadline
        var end: @Sendable () -> Void
    }

    private struct State {
        var watched: [Int: Watched] = [:]
        var next = 0
        /// When the sleeper wakes, and which one it is; nil while nobody sleeps.
        var sleeper: (wakesAt: Deadline, number: Int)?
        var sleepers = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    package init(now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The deadline of what begins now and may take `limit`.
    package func deadline(in limit: Duration) -> Deadline {
        Deadline(time: now() + min(limit, Self.century), limit: limit)
    }

    /// How long it is until `deadline`; never negative.
    package func time(until deadline: Deadline) -> Duration { max(deadline.time - now(), .zero) }

    /// Calls `end` at `deadline`, on any thread, unless ``dismiss(_:)`` is called before.
    package func watch(until deadline: Deadline, _ end: @escaping @Sendable () -> Void) -> Int {
        let (id, sleeper) = state.withLock { state in
            state.next += 1
            state.watched[state.next] = Watched(deadline: deadline, end: end)
            return (state.next, Self.sleeper(until: deadline, in: &state))
        }
        if let sleeper { start(sleeper, for: time(until: deadline)) }
        return id
    }

    /// The operation has ended; false when its deadline came before.
    package func dismiss(_ id: Int) -> Bool { state.withLock { $0.watched.removeValue(forKey: id) != nil } }

    /// The number of a sleeper to be started, nil when one wakes early enough.
    private static func sleeper(until deadline: Deadline, in state: inout State) -> Int? {
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
        let now = deadline(in: .zero)
        let (due, next) = state.withLock { state -> ([Watched], (number: Int, deadline: Deadline)?) in
            // One that was started later wakes earlier.
            guard state.sleeper?.number == number else { return ([], nil) }
            state.sleeper = nil
            let due = state.watched.filter { $0.value.deadline <= now }
            for id in due.keys { state.watched[id] = nil }
            guard let earliest = state.watched.values.map(\.deadline).min(),
                let number = Self.sleeper(until: earliest, in: &state)
            else { return (Array(due.values), nil) }
            return (Array(due.values), (number, earliest))
        }
        for watched in due { watched.end() }
        if let next { start(next.number, for: time(until: next.deadline)) }
    }
}
