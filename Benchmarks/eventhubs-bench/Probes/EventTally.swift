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

internal import EventHubs
internal import Synchronization

/// Counts events until there are as many as wanted, and measures from when every partition has begun.
final class EventTally: Sendable {
    let meter = Meter()
    private let goal: Int
    private let state: Mutex<State>

    private struct State {
        var waiting: Set<PartitionID>
        var count = 0
        var bodyBytes = 0
        var checksum: Int64 = 0
        var whenReached: @Sendable () -> Void = {}
    }

    init(goal: Int, partitions: [PartitionID]) {
        self.goal = goal
        state = Mutex(State(waiting: Set(partitions)))
    }

    /// What to do when the goal is reached.
    func onGoal(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenReached = body } }

    /// Touches every event of a batch; false when no more are wanted.
    func add(_ batch: EventBatch, of partition: PartitionID) -> Bool {
        var checksum: Int64 = 0
        var bodyBytes = 0
        for event in batch {
            checksum &+= event.sequenceNumber
            let body = event.body
            bodyBytes += body.byteCount
            if body.byteCount >= 8 { checksum &+= body.unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self) }
        }
        let (before, whenReached) = state.withLock { state -> (Int, @Sendable () -> Void) in
            let before = state.count
            state.checksum &+= checksum
            if state.waiting.isEmpty {
                state.count += batch.count
                state.bodyBytes += bodyBytes
            } else {
                state.waiting.remove(partition)
                if state.waiting.isEmpty { meter.begin() }
            }
            return (before, state.whenReached)
        }
        guard before < goal else { return false }
        guard before + batch.count >= goal else { return true }
        let (count, bytes) = state.withLock { ($0.count, $0.bodyBytes) }
        guard count >= goal else { return true }
        meter.finish(events: count, bodyBytes: bytes)
        whenReached()
        return false
    }
}
