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
import EventHubsProcessor

/// The store of leases as one host sees it that knows of leases only, as the hosts of other libraries do.
class LeaseClient: LeaseManager, @unchecked Sendable {
    fileprivate let port: StorePort
    private let host: SimulatedHost

    init(port: StorePort, host: SimulatedHost) {
        self.port = port
        self.host = host
    }

    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        try await port.call { store in store.prepare(leaseDuration: leaseDuration) }
    }

    func leases() async throws -> [Lease] {
        let (host, port) = (host, port)
        return try await port.call(
            { store in (leases: store.list(), time: store.scheduler.now) },
            delivered: { answer in
                host.hasStarted = true
                for lease in answer.leases where lease.owner != nil && lease.owner != host.name {
                    port.store.referee.lossLearnt(host: host.number, partition: lease.partition, asOf: answer.time)
                }
            }
        ).leases
    }

    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try await port.call { store in store.acquire(lease, for: host) }
    }

    func renew(_ lease: Lease) async throws -> Lease? {
        let (host, port) = (host, port)
        return try await port.call(
            { store in
                let renewed = store.renew(lease)
                return (lease: renewed, owner: store.owner(of: lease.partition), time: store.scheduler.now)
            },
            delivered: { answer in
                // A renewal that was long on its way is refused too when the host has claimed the partition anew since.
                guard answer.lease == nil, answer.owner != host.name else { return }
                port.store.referee.lossLearnt(host: host.number, partition: lease.partition, asOf: answer.time)
            }
        ).lease
    }

    func release(_ lease: Lease) async throws {
        try await port.call { store in store.release(lease) }
    }
}

/// The store of leases as a host sees it that also knows other hosts.
final class CooperativeLeaseClient: LeaseClient, CooperativeLeaseManager, @unchecked Sendable {
    func announce(_ record: HostRecord) async throws {
        try await port.call { store in store.announce(record) }
    }

    func hosts() async throws -> [HostRecord] {
        try await port.call { store in store.hosts() }
    }

    func withdraw(_ host: HostID) async throws {
        try await port.call { store in store.withdraw(host) }
    }

    func transfer(_ lease: Lease, to host: HostID) async throws -> Lease? {
        try await port.call { store in store.transfer(lease, to: host) }
    }
}

/// The store of checkpoints as one host sees it.
final class CheckpointClient: CheckpointManager {
    private let port: StorePort
    private let host: SimulatedHost

    init(port: StorePort, host: SimulatedHost) {
        self.port = port
        self.host = host
    }

    func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        let (host, port) = (host, port)
        return try await port.call(
            { store in store.checkpoint(of: partition)?.checkpoint },
            delivered: { checkpoint in
                port.store.referee.checkpointLoaded(
                    checkpoint?.sequenceNumber,
                    host: host.number,
                    partition: Int(partition.rawValue) ?? -1
                )
            }
        )
    }

    func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        switch port.store.style {
        case .epochs: try await port.call { store in try store.store(checkpoint, holding: lease) }
        case .names: try await storeInSteps(checkpoint, holding: lease)
        }
    }

    private func storeInSteps(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        for _ in 0..<5 {
            let current = try await port.call { store in store.checkpoint(of: checkpoint.partition) }
            if let current, !checkpoint.isAhead(of: current.checkpoint), port.store.sabotage != .backwards { return }
            let owner = try await port.call { store in
                let owner = store.owner(of: lease.partition)
                guard owner == lease.owner || store.sabotage == .formerOwnersWrite else { throw store.refusal(lease) }
                return owner
            }
            let isWritten = try await port.call { store in
                store.store(checkpoint, over: current?.version, owner: owner, by: lease.owner)
            }
            if isWritten { return }
        }
        throw StoreOutage(description: "others write all the time")
    }
}
