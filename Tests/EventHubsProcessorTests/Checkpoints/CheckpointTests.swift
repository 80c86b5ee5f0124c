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
import Testing

@testable import EventHubsProcessor

@Suite struct CheckpointTests {
    func checkpoint(_ number: Int64?) -> Checkpoint {
        Checkpoint(partition: "0", offset: number.map { String($0) }, sequenceNumber: number)
    }

    @Test func resumesAfterTheOffsetElseTheNumberElseNowhere() {
        let both = Checkpoint(partition: "0", offset: "4096", sequenceNumber: 7)
        #expect(both.resumePosition == .offset("4096"))
        let empty = Checkpoint(partition: "0", offset: "", sequenceNumber: 7)
        #expect(empty.resumePosition == .sequenceNumber(7, inclusive: false))
        #expect(Checkpoint(partition: "0", offset: nil, sequenceNumber: nil).resumePosition == nil)
    }

    @Test func comesFromAnEvent() throws {
        let event = try #require(FakeReceiver.batch(41..<43).last)
        let expected = Checkpoint(
            partition: "0",
            offset: "42",
            sequenceNumber: 42,
            enqueuedTime: Timestamp(millisecondsSinceEpoch: 42)
        )
        #expect(Checkpoint(of: event, in: "0") == expected)
    }

    @Test func comparesByNumber() {
        #expect(checkpoint(2).isAhead(of: checkpoint(1)))
        #expect(!checkpoint(1).isAhead(of: checkpoint(1)))
        #expect(!checkpoint(1).isAhead(of: checkpoint(2)))
        #expect(checkpoint(1).isAhead(of: checkpoint(nil)))
    }
}

@Suite struct InMemoryCheckpointManagerTests {
    func checkpoint(_ number: Int64) -> Checkpoint {
        Checkpoint(partition: "0", offset: String(number), sequenceNumber: number)
    }

    func lease(epoch: Int64) -> Lease {
        Lease(partition: "0", owner: "a", token: "", epoch: epoch, expiry: nil)
    }

    @Test func neverGoesBackwards() async throws {
        let manager = InMemoryCheckpointManager()
        #expect(try await manager.checkpoint(for: "0") == nil)
        try await manager.store(checkpoint(10), holding: lease(epoch: 1))
        try await manager.store(checkpoint(5), holding: lease(epoch: 1))
        #expect(try await manager.checkpoint(for: "0") == checkpoint(10))
    }

    @Test func refusesAFormerOwnerAfterTheNewOneHasWritten() async throws {
        let manager = InMemoryCheckpointManager()
        try await manager.store(checkpoint(10), holding: lease(epoch: 2))
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await manager.store(checkpoint(20), holding: lease(epoch: 1))
        }
        #expect(try await manager.checkpoint(for: "0") == checkpoint(10))
    }

    @Test func refusesAFormerOwnerAtOnceWhenItKnowsTheLeases() async throws {
        let leases = InMemoryLeaseManager()
        let manager = InMemoryCheckpointManager(leaseManager: leases)
        let former = try #require(try await leases.acquire(.unclaimed("0"), for: "a"))
        _ = try await leases.acquire(former, for: "b")
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await manager.store(checkpoint(20), holding: former)
        }
        #expect(try await manager.checkpoint(for: "0") == nil)
    }
}
