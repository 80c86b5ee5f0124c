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

import EventHubs
import Synchronization

/// Time that stands still until a test moves it.
final class TestTime: Sendable {
    private struct Sleeper {
        var wakesAt: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var sleepers: [Int: Sleeper] = [:]
        var next = 0
        var slept: [Duration] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// When the test begins, by the time of day.
    static let start: Int64 = 1_700_000_000_000

    /// What clients are given.
    var environment: ClientEnvironment {
        ClientEnvironment(
            wallClock: WallClock { self.wallTime },
            uptime: { self.state.withLock { $0.now } },
            sleep: { try await self.sleep($0) },
            random: { 0.5 }
        )
    }

    var wallTime: Timestamp {
        let passed = state.withLock { $0.now.components }
        return Timestamp(
            millisecondsSinceEpoch: Self.start + passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        )
    }

    /// All the waits that have begun, in their order.
    var slept: [Duration] { state.withLock { $0.slept } }

    /// Waits until `count` waits have begun since the start of the test.
    func waitUntilSlept(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.slept.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Moves time on and wakes who has slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.wakesAt <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.wakesAt < $1.wakesAt }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (cancelled, watchers) = state.withLock { state in
                    if Task.isCancelled { return (true, [CheckedContinuation<Void, Never>]()) }
                    state.slept.append(duration)
                    state.sleepers[id] = Sleeper(wakesAt: state.now + duration, continuation: continuation)
                    let due = state.watchers.filter { $0.count <= state.slept.count }.map(\.continuation)
                    state.watchers.removeAll { $0.count <= state.slept.count }
                    return (false, due)
                }
                if cancelled { continuation.resume(throwing: CancellationError()) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// Lets tasks wait until something has happened a number of times.
final class Signal: Sendable {
    private let state = Mutex<(count: Int, waiters: [(Int, CheckedContinuation<Void, Never>)])>((0, []))

    var count: Int { state.withLock { $0.count } }

    func send() {
        let due = state.withLock { state in
            state.count += 1
            let due = state.waiters.filter { $0.0 <= state.count }
            state.waiters.removeAll { $0.0 <= state.count }
            return due
        }
        for (_, continuation) in due { continuation.resume() }
    }

    func wait(for count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
