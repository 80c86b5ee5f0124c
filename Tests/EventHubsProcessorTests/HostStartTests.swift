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

/// Hosts that are started before what they need is there.
@Suite(.timeLimit(.minutes(5))) struct HostStartTests {
    @Test(arguments: [FaultyLeaseManager.Fault.fails, .hangs])
    func storeThatDoesNotAnswerIsWaitedFor(fault: FaultyLeaseManager.Fault) async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        group.leases.fault = fault
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("several attempts") { group.leases.prepared >= 3 }
        #expect(await host.status().partitions.isEmpty)
        group.leases.fault = .none
        try await group.until("all") { group.hasProcessed(10, of: "0") && group.hasProcessed(10, of: "1") }
        host.shutDown()
        try await run.value
    }

    @Test func storeThatRefusesEndsTheHost() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        group.leases.fault = .refuses
        let host = group.host()
        await #expect(throws: FaultyLeaseManager.Refusal.self) { try await host.run() }
        #expect(group.leases.prepared == 1)
    }

    @Test func hubThatDoesNotAnswerIsWaitedFor() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        group.hub.state.withLock { state in
            state.partitionsError = EventHubsError(.connectionLost, "no way there", retryAdvice: .later)
        }
        let host = group.host()
        let run = Task { try await host.run() }
        let later = group.clock.now.advanced(by: .seconds(100))
        try await group.until("some time") { group.clock.now > later }
        #expect(group.leases.prepared == 0)
        group.hub.state.withLock { $0.partitionsError = nil }
        try await group.until("all") { group.hasProcessed(10, of: "0") }
        host.shutDown()
        try await run.value
    }

    @Test func hubThatRefusesEndsTheHost() async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        group.hub.state.withLock { $0.partitionsError = EventHubsError(.unauthorized, "who are you") }
        await #expect(throws: EventHubsError(.unauthorized, "")) { try await group.host().run() }
    }

    @Test(arguments: [FaultyLeaseManager.Fault.fails, .hangs])
    func hostThatWaitsCanBeStopped(fault: FaultyLeaseManager.Fault) async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        group.leases.fault = fault
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("an attempt") { group.leases.prepared >= 1 }
        host.shutDown()
        try await run.value
    }
}
