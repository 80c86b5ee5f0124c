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
import Testing

@testable import EventHubsProcessor

@Suite(.timeLimit(.minutes(5))) struct CheckpointPolicyTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 100))

    func withHost(
        _ policy: CheckpointPolicy,
        behaviour: JournalProcessor.Behaviour = .init(),
        configure: (inout HostConfiguration) -> Void = { _ in },
        _ body: (EventProcessorHost) async throws -> Void
    ) async throws {
        let host = group.host(behaviour: behaviour) {
            $0.checkpointPolicy = policy
            configure(&$0)
        }
        let run = Task { try await host.run() }
        try await body(host)
        host.shutDown()
        try await run.value
    }

    @Test func everySoManyEvents() async throws {
        var policy = CheckpointPolicy.every(events: 20)
        policy.writesAtStart = false
        // Each batch waits for what the one before it asks for, so that none stands for another.
        let checkpoints = group.checkpoints
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            let due = batch.first.map { Int($0.sequenceNumber) / 20 } ?? 0
            while checkpoints.writes.count < due { try await Task.sleep(for: .milliseconds(1)) }
        })
        try await withHost(policy, behaviour: behaviour) { _ in
            try await group.until("all") { group.checkpoints.writes.count == 5 }
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [19, 39, 59, 79, 99])
    }

    @Test func slowStoreHoldsUpNothingAndTheLatestWins() async throws {
        let gate = Latch()
        group.checkpoints.writesWaitFor = gate
        var policy = CheckpointPolicy.every(events: 10)
        policy.writesAtStart = false
        // The second batch waits until the first write is under way, no other waits for anything. No clock runs, so that the
        // write's deadline does not end it.
        let checkpoints = group.checkpoints
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            while batch.first?.sequenceNumber == 10, checkpoints.writesBegun == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
        })
        let host = group.host(behaviour: behaviour) { $0.checkpointPolicy = policy }
        let run = Task { try await host.run() }
        try await eventually("everything is processed while the first write hangs") {
            group.hasProcessed(100, of: "0")
        }
        #expect(group.checkpoints.writes.isEmpty)
        gate.open()
        try await eventually("the last") { group.checkpoints.writes.last?.sequenceNumber == 99 }
        host.shutDown()
        try await run.value
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [9, 99], "one for all that came due meanwhile")
    }

    @Test func intervalCoversWhatTheNumberDoesNot() async throws {
        var policy = CheckpointPolicy.every(.seconds(10), events: 1_000)
        policy.writesAtStart = false
        try await withHost(policy) { _ in
            try await group.until("the interval") { group.checkpoints.writes.map(\.sequenceNumber) == [99] }
        }
    }

    @Test func atCloseOnly() async throws {
        try await withHost(CheckpointPolicy(writesAtStart: false)) { _ in
            try await group.until("all") { group.hasProcessed(100, of: "0") }
            let later = group.clock.now.advanced(by: .seconds(100))
            try await group.until("long after") { group.clock.now > later }
            #expect(group.checkpoints.writes.isEmpty)
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [99])
    }

    @Test func failureOfTheStoreShowsInTheStatusAndStopsNothing() async throws {
        var policy = CheckpointPolicy.every(events: 10)
        policy.writesAtStart = false
        policy.writesAtClose = false
        try await withHost(policy) { host in
            try await group.until("the first") { !group.checkpoints.writes.isEmpty }
            group.checkpoints.isFailing = true
            group.hub.append(50, to: "0")
            try await group.until("all") { group.hasProcessed(150, of: "0") }
            try await group.until("it is reported") { await host.status().storeFailingSince != nil }
            try await group.until("the age grows") {
                await (host.status().partitions.first?.checkpointAge ?? .zero) > .seconds(100)
            }
            group.checkpoints.isFailing = false
            group.hub.append(10, to: "0")
            try await group.until("it is made up for") { group.checkpoints.writes.last?.sequenceNumber == 159 }
            // The store has it before its answer is noted.
            try await group.until("nothing is uncovered") {
                await host.status().partitions.first?.checkpointAge == .zero
            }
        }
    }
}
