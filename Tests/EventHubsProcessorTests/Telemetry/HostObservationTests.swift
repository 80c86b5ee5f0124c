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

/// What whole hosts tell a metrics system.
@Suite struct HostObservationTests {
    private let memory = MemoryMetrics()
    private let prefix = "messaging.eventhubs.processor."

    private func host(
        _ group: TestGroup,
        _ name: HostID = "a",
        behaviour: JournalProcessor.Behaviour = .init(),
        configure: (inout HostConfiguration) -> Void = { _ in }
    ) -> EventProcessorHost {
        let memory = memory
        return group.host(name, behaviour: behaviour) { configuration in
            configuration.metricsFactory = memory
            configure(&configuration)
        }
    }

    @Test func lifeOfAHost() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let host = host(group)
        let run = Task { try await host.run() }
        try await group.until("everything is processed") {
            group.hasProcessed(30, of: "0") && group.hasProcessed(30, of: "1")
        }
        try await group.until("what is owned is measured") { memory.values(prefix + "partitions.owned").last == 2 }
        #expect(memory.total("messaging.client.consumed.messages") == 60)
        #expect(
            memory.total("messaging.client.consumed.messages", ["messaging.destination.partition.id": "1"]) == 30
        )
        #expect(memory.values("messaging.process.duration").count == 6, "batches of ten")
        #expect(memory.total(prefix + "partitions.acquired", ["reason": "free"]) == 2)
        #expect(memory.total(prefix + "partitions.lost") == 0)
        host.shutDown()
        try await run.value
        #expect(memory.total(prefix + "partitions.lost", ["reason": "shutdown"]) == 2)
        #expect(memory.total(prefix + "messages.repeated") == 0)
        #expect(memory.live.isEmpty, "every handle is given back")
    }

    @Test func stolenPartitionTellsWhatIsRepeated() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let host = host(group) { $0.checkpointPolicy = .explicit }
        let run = Task { try await host.run() }
        try await group.until("everything is processed") { group.hasProcessed(30, of: "0") }
        let lease = try #require(try await group.leases.leases().first)
        _ = try await group.leases.acquire(lease, for: "thief")
        try await group.until("the loss is counted") {
            memory.total(prefix + "partitions.lost", ["reason": "lease_lost"]) == 1
        }
        #expect(memory.total(prefix + "messages.repeated", ["reason": "take_over"]) == 30)
        #expect(!memory.live.contains { $0.dimensions["messaging.destination.partition.id"] != nil })
        host.shutDown()
        try await run.value
    }

    @Test func handOverIsCountedOnBothSides() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let (first, second) = (host(group, "a"), host(group, "b"))
        let run = Task { try await first.run() }
        try await group.until("everything is processed") {
            group.hasProcessed(30, of: "0") && group.hasProcessed(30, of: "1")
        }
        let rerun = Task { try await second.run() }
        try await group.until("received") { memory.total(prefix + "handovers", ["outcome": "received"]) == 1 }
        #expect(memory.total(prefix + "handovers", ["outcome": "given"]) == 1)
        #expect(memory.total(prefix + "partitions.lost", ["reason": "handed_over"]) == 1)
        #expect(memory.total(prefix + "partitions.acquired", ["reason": "handed_over"]) == 1)
        #expect(memory.total(prefix + "partitions.acquired", ["reason": "free"]) == 2)
        #expect(memory.total(prefix + "messages.repeated") == 0)
        first.shutDown()
        try await run.value
        try await group.until("the other one") { memory.total(prefix + "handovers", ["outcome": "received"]) == 2 }
        #expect(memory.total(prefix + "handovers", ["outcome": "given"]) == 2)
        second.shutDown()
        try await rerun.value
    }

    @Test func requestThatWasNotAnsweredIsCounted() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let gate = Latch()
        let first = group.host("a", behaviour: .init(process: { _, _ in await gate.wait() }))
        let second = host(group, "b")
        let run = Task { try await first.run() }
        try await group.until("owned") { await first.status().partitions.count == 2 }
        let rerun = Task { try await second.run() }
        try await group.until("taken") { memory.total(prefix + "partitions.acquired", ["reason": "stolen"]) == 1 }
        #expect(memory.total(prefix + "handovers", ["outcome": "timed_out"]) == 1)
        gate.open()
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
    }

    @Test(arguments: [
        (FaultyLeaseManager.Call.announce, "announce"), (.hosts, "hosts"), (.transfer, "hand_over"),
    ])
    func failuresBetweenHostsAreCounted(call: FaultyLeaseManager.Call, name: String) async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        let host = host(group)
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 1 }
        try await group.leases.announce(HostRecord(host: "b"))
        group.leases.failing = [call]
        if call == .transfer { host.shutDown() }
        try await group.until("counted") {
            memory.total(prefix + "store.failures", ["messaging.operation.name": name]) > 0
        }
        host.shutDown()
        try await run.value
    }

    @Test func failedProcessorTellsWhatIsRepeated() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let failures = Mutex(1)
        var behaviour = JournalProcessor.Behaviour()
        behaviour.process = { events, _ in
            guard events.last?.sequenceNumber == 29 else { return }
            let fails = failures.withLock { remaining in
                remaining -= 1
                return remaining >= 0
            }
            if fails { throw TestFailure() }
        }
        let host = host(group, behaviour: behaviour) { $0.checkpointPolicy = .explicit }
        let run = Task { try await host.run() }
        try await group.until("everything is processed") { group.hasProcessed(30, of: "0") }
        #expect(memory.values("messaging.process.duration", ["error.type": "processor_failed"]).count == 1)
        #expect(memory.total(prefix + "messages.repeated", ["reason": "restart"]) == 20)
        host.shutDown()
        try await run.value
    }

    @Test func outageOfTheStoreIsCounted() async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        let host = host(group)
        let run = Task { try await host.run() }
        try await group.until("the partition is owned") { memory.total(prefix + "partitions.acquired") == 1 }
        group.leases.fault = .fails
        try await group.until("failures are counted") {
            memory.total(prefix + "store.failures", ["messaging.operation.name": "renew"]) > 0
                && memory.total(prefix + "store.failures", ["messaging.operation.name": "list"]) > 0
        }
        group.leases.fault = .none
        host.shutDown()
        try await run.value
    }

    @Test func lagAndAgeAreMeasuredWithoutTracking() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let gate = Latch()
        var behaviour = JournalProcessor.Behaviour()
        behaviour.process = { events, _ in if events.first?.sequenceNumber == 10 { await gate.wait() } }
        let host = host(group, behaviour: behaviour) { $0.checkpointPolicy = .explicit }
        let run = Task { try await host.run() }
        let prefix = "messaging.eventhubs.consumer."
        try await group.until("the lag is measured") { memory.values(prefix + "lag.messages").last == 20 }
        #expect(memory.values(prefix + "lag").last == 0.020, "the enqueued times of the hub are its numbers")
        try await group.until("the checkpoint gets old") { (memory.values(prefix + "checkpoint.age").last ?? 0) > 60 }
        gate.open()
        try await group.until("there is no lag") { memory.values(prefix + "lag.messages").last == 0 }
        #expect(memory.values(prefix + "lag").last == 0)
        host.shutDown()
        try await run.value
    }
}
