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

import EventHubsProcessorTesting
import Synchronization
import Testing

@testable import EventHubsProcessor

@Suite struct StoreContractTests {
    @Test(arguments: StoreContract.Check.allCases)
    func storesInMemoryKeepTheirPromises(check: StoreContract.Check) async throws {
        try await StoreContract {
            let leases = InMemoryLeaseManager()
            let stores = StoreContract.Stores(
                leases: leases,
                checkpoints: InMemoryCheckpointManager(leaseManager: leases)
            )
            return (stores, stores)
        }.verify(check)
    }

    /// A store with one fault, and the checks that have to find it.
    @Test(arguments: [
        (FaultyStore.Fault.acquiresWithoutCondition, [StoreContract.Check.raceHasOneWinner, .oldReadingLoses]),
        (.renewsForFormerOwner, [.ownershipMoves]),
        (.keepsReleasedLeases, [.releaseFrees]),
        (.tellsNoExpiry, [.freePartitionIsAcquired]),
        (.writesOlderCheckpoints, [.checkpointNeverGoesBack]),
        (.writesForFormerOwner, [.formerOwnerIsRefused]),
        (.mixesPartitions, [.partitionsAreApart]),
    ])
    func faultsAreFound(fault: FaultyStore.Fault, checks: [StoreContract.Check]) async throws {
        for check in checks {
            let violation = await #expect(throws: StoreContractViolation.self) {
                try await StoreContract {
                    let store = FaultyStore(fault)
                    let stores = StoreContract.Stores(leases: store, checkpoints: store)
                    return (stores, stores)
                }.verify(check)
            }
            #expect(violation?.check == check)
        }
    }
}

/// Both stores in memory, with one fault.
final class FaultyStore: LeaseManager, CheckpointManager {
    enum Fault: Sendable {
        case acquiresWithoutCondition
        case renewsForFormerOwner
        case keepsReleasedLeases
        case tellsNoExpiry
        case writesOlderCheckpoints
        case writesForFormerOwner
        case mixesPartitions
    }

    private let fault: Fault
    private let base = InMemoryLeaseManager()
    private let kept: InMemoryCheckpointManager
    private let raw = Mutex<[PartitionID: Checkpoint]>([:])

    init(_ fault: Fault) {
        self.fault = fault
        kept = InMemoryCheckpointManager(leaseManager: base)
    }

    private var writesAnything: Bool {
        fault == .writesOlderCheckpoints || fault == .writesForFormerOwner || fault == .mixesPartitions
    }

    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        try await base.prepare(for: partitions, leaseDuration: leaseDuration)
    }

    func leases() async throws -> [Lease] { try await base.leases() }

    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        var lease = lease
        if fault == .acquiresWithoutCondition {
            lease = try await base.leases().first { $0.partition == lease.partition } ?? lease
        }
        guard let acquired = try await base.acquire(lease, for: host) else { return nil }
        guard fault == .tellsNoExpiry else { return acquired }
        return Lease(partition: acquired.partition, owner: host, token: acquired.token, expiry: nil)
    }

    func renew(_ lease: Lease) async throws -> Lease? {
        if let renewed = try await base.renew(lease) { return renewed }
        return fault == .renewsForFormerOwner ? lease : nil
    }

    func release(_ lease: Lease) async throws {
        if fault != .keepsReleasedLeases { try await base.release(lease) }
    }

    func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        guard writesAnything else { return try await kept.checkpoint(for: partition) }
        return raw.withLock { $0[fault == .mixesPartitions ? "0" : partition] }
    }

    func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        guard writesAnything else { return try await kept.store(checkpoint, holding: lease) }
        raw.withLock { $0[fault == .mixesPartitions ? "0" : checkpoint.partition] = checkpoint }
    }

    func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        try await kept.reset(partition, holding: lease)
    }
}
