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

@Suite(.timeLimit(.minutes(5))) struct PumpEnvironmentTests {
    /// Leases that bring their owner level with them, as those of older processors do.
    struct LevelledLeases: LeaseManager {
        let base: InMemoryLeaseManager

        func levelled(_ lease: Lease?) -> Lease? {
            lease.map { lease in
                Lease(
                    partition: lease.partition,
                    owner: lease.owner,
                    token: lease.token,
                    epoch: lease.epoch,
                    ownerLevel: lease.epoch + 40,
                    expiry: lease.expiry
                )
            }
        }

        func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
            try await base.prepare(for: partitions, leaseDuration: leaseDuration)
        }
        func leases() async throws -> [Lease] { try await base.leases() }
        func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
            levelled(try await base.acquire(lease, for: host))
        }
        func renew(_ lease: Lease) async throws -> Lease? { levelled(try await base.renew(lease)) }
        func release(_ lease: Lease) async throws { try await base.release(lease) }
    }

    func ownerLevel(configured: Int64?, levelled: Bool) async throws -> Int64?? {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        var configuration = group.configuration("a")
        configuration.ownerLevel = configured
        let base = InMemoryLeaseManager(clock: configuration.clock)
        let checkpoints = InMemoryCheckpointManager(leaseManager: base)
        let journal = group.journal
        let host =
            levelled
            ? EventProcessorHost(
                source: group.hub,
                leaseManager: LevelledLeases(base: base),
                checkpointManager: checkpoints,
                configuration: configuration
            ) { _ in JournalProcessor(journal) }
            : EventProcessorHost(
                source: group.hub,
                leaseManager: base,
                checkpointManager: checkpoints,
                configuration: configuration
            ) { _ in JournalProcessor(journal) }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(10, of: "0") }
        host.shutDown()
        try await run.value
        return group.hub.ownerLevels(of: "0").first
    }

    @Test func receiversHaveTheConfiguredOwnerLevel() async throws {
        #expect(try await ownerLevel(configured: 3, levelled: false) == .some(3))
        #expect(try await ownerLevel(configured: nil, levelled: false) == .some(nil))
    }

    @Test func leaseMayBringItsOwnOwnerLevel() async throws {
        #expect(try await ownerLevel(configured: 3, levelled: true) == .some(41))
        #expect(try await ownerLevel(configured: nil, levelled: true) == .some(nil), "fencing that is off stays off")
    }
}
