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

@Suite struct InMemoryLeaseManagerTests {
    let clock = TestClock()
    let manager: InMemoryLeaseManager

    init() async throws {
        manager = InMemoryLeaseManager(clock: ProcessorClock(clock))
        try await manager.prepare(for: ["0", "1"], leaseDuration: .seconds(30))
    }

    func lease(_ partition: PartitionID = "0") async throws -> Lease {
        try #require(try await manager.leases().first { $0.partition == partition })
    }

    @Test func preparedLeasesBelongToNobody() async throws {
        #expect(Set(try await manager.leases()) == [.unclaimed("0"), .unclaimed("1")])
    }

    @Test func preparingAgainKeepsWhatIsOwned() async throws {
        let acquired = try await manager.acquire(.unclaimed("0"), for: "a")
        try await manager.prepare(for: ["0", "1", "2"], leaseDuration: .seconds(30))
        #expect(try await lease() == acquired)
        #expect(try await manager.leases().count == 3)
    }

    @Test func acquiredLeaseExpiresInTime() async throws {
        let acquired = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        #expect(acquired.owner == "a")
        #expect(acquired.epoch == 1)
        #expect(acquired.expiry == clock.now.advanced(by: .seconds(30)))
        clock.advance(by: .seconds(20))
        let renewed = try #require(try await manager.renew(acquired))
        #expect(renewed.expiry == clock.now.advanced(by: .seconds(30)))
        #expect(renewed.epoch == 1)
        #expect(renewed.token != acquired.token)
    }

    @Test func onlyOneWinsARace() async throws {
        let read = try await lease()
        #expect(try await manager.acquire(read, for: "a") != nil)
        #expect(try await manager.acquire(read, for: "b") == nil)
        #expect(try await lease().owner == "a")
    }

    @Test func thiefGetsAHigherEpochAndTheVictimLoses() async throws {
        let acquired = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        let stolen = try #require(try await manager.acquire(acquired, for: "b"))
        #expect(stolen.epoch == 2)
        #expect(try await manager.renew(acquired) == nil)
        try await manager.release(acquired)
        #expect(try await lease().owner == "b", "a former owner releases nothing")
    }

    @Test func renewalMayUseAnOlderToken() async throws {
        let acquired = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        _ = try await manager.renew(acquired)
        #expect(try await manager.renew(acquired) != nil, "an answer that was lost on the way loses no lease")
    }

    @Test func releasedLeaseBelongsToNobody() async throws {
        let acquired = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        try await manager.release(acquired)
        #expect(try await lease().owner == nil)
        #expect(try await manager.renew(acquired) == nil)
    }
}
