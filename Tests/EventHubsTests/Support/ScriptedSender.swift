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

/// A sender that notes what it is given and does with it what a test says.
final class ScriptedSender: BatchSender {
    struct Sent: Sendable {
        var partition: PartitionID
        var events: [EventData]
        var size: Int

        var texts: [String] { events.map { String(decoding: $0.body, as: UTF8.self) } }
    }

    private struct State {
        var partitions: [PartitionID]
        var sent: [Sent] = []
        var failures: [Int: EventHubsError] = [:]
        var holds: Set<PartitionID> = []
        var held: [SingleUse] = []
        var underWay: [PartitionID: Int] = [:]
        var mostUnderWay = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    private let limit: Int

    /// A send has begun.
    let started = Signal()
    /// The list of partitions has been read.
    let listed = Signal()

    init(partitions: Int = 4, limit: Int = EventDataBatch.defaultMaximumSize) {
        state = Mutex(State(partitions: Self.ids(partitions)))
        self.limit = limit
    }

    var sent: [Sent] { state.withLock { $0.sent } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The most sends of one partition that were under way at once.
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    func grow(to count: Int) { state.withLock { $0.partitions = Self.ids(count) } }

    /// The send with this number, from 0, will fail.
    func fail(_ number: Int, with error: EventHubsError) { state.withLock { $0.failures[number] = error } }

    /// Sends to these partitions do not end before ``release()``.
    func hold(_ partitions: PartitionID...) { state.withLock { $0.holds.formUnion(partitions) } }

    /// Ends the sends that are held, and holds no more.
    func release() {
        let held = state.withLock { state in
            state.holds = []
            defer { state.held = [] }
            return state.held
        }
        for send in held { send.finish() }
    }

    func partitionIDs() async throws(EventHubsError) -> [PartitionID] {
        defer { listed.send() }
        return state.withLock { $0.partitions }
    }

    func makeBatch(for id: PartitionID, maximumSize: Int?) async throws(EventHubsError) -> EventDataBatch {
        guard state.withLock({ $0.partitions.contains(id) }) else { throw EventHubsError(.notFound, "no \(id)") }
        return EventDataBatch(.partition(id), maximumSize: min(maximumSize ?? limit, limit))
    }

    func send(_ batch: EventDataBatch) async throws(EventHubsError) {
        guard case .partition(let id) = batch.target, let events = try? batch.decodedEvents() else {
            throw EventHubsError(.invalidArgument, "not a batch to a partition")
        }
        let (failure, gate) = state.withLock { state in
            let number = state.sent.count
            state.sent.append(Sent(partition: id, events: events, size: batch.size))
            state.underWay[id, default: 0] += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay[id] ?? 0)
            let gate = state.holds.contains(id) ? SingleUse() : nil
            if let gate { state.held.append(gate) }
            return (state.failures[number], gate)
        }
        started.send()
        let isCancelled = if let gate { await !gate.wait() } else { false }
        state.withLock { $0.underWay[id, default: 1] -= 1 }
        if isCancelled { throw .cancelled }
        if let failure { throw failure }
    }

    func close() async { state.withLock { $0.isClosed = true } }

    private static func ids(_ count: Int) -> [PartitionID] { (0..<count).map { PartitionID("\($0)") } }
}
