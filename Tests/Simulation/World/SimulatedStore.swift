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

/// The records of a store of leases and checkpoints, and its rules. Each method is one moment.
final class SimulatedStore {
    /// How the store knows an owner.
    enum Style {
        /// By the lease's epoch, and it checks leases and writes checkpoints in one: as in memory, or in one SQL database.
        case epochs
        /// By the owner's name, and a checkpoint takes three calls: read it, look at the ownership, write on condition. As in blobs.
        case names
    }

    private struct LeaseRecord {
        let owner: HostID?
        let version: UInt64
        let token: String
        let epoch: Int64
        let writtenAt: Nanoseconds
    }

    struct CheckpointRecord: Sendable {
        let checkpoint: Checkpoint
        let version: UInt64
        let epoch: Int64
    }

    let scheduler: JobScheduler
    let referee: Referee
    let style: Style
    var sabotage: Sabotage?
    /// The longest time of half a call.
    var latency: Nanoseconds = 10.milliseconds
    private(set) var leaseDuration: Nanoseconds = 0
    /// The number of the host behind a name: a host that starts again under its old name is another one.
    var hostNumber: [HostID: Int] = [:]

    private var leases: [PartitionID: LeaseRecord] = [:]
    /// Those with a record, in order.
    private var claimedPartitions: [PartitionID] = []
    private var records: [HostID: HostRecord] = [:]
    private var checkpoints: [PartitionID: CheckpointRecord] = [:]
    private var lastVersion: UInt64 = 0

    init(style: Style, scheduler: JobScheduler, referee: Referee) {
        self.style = style
        self.scheduler = scheduler
        self.referee = referee
    }

    func owner(of partition: PartitionID) -> HostID? { leases[partition]?.owner }

    private func number(of host: HostID?) -> Int { host.flatMap { hostNumber[$0] } ?? -1 }

    private static func index(of partition: PartitionID) -> Int { Int(partition.rawValue) ?? -1 }
}

// Leases.
extension SimulatedStore {
    func prepare(leaseDuration: Duration) {
        self.leaseDuration = leaseDuration.inNanoseconds
    }

    func list() -> [Lease] {
        claimedPartitions.compactMap { lease(of: $0) }
    }

    func acquire(_ lease: Lease, for host: HostID) -> Lease? {
        let partition = lease.partition
        let record = leases[partition]
        let isCurrent = lease.token == (record?.token ?? "")
        guard isCurrent || sabotage == .staleClaims else {
            referee.note(
                .claimRefused,
                host: number(of: host),
                partition: Self.index(of: partition),
                Int64(record?.version ?? 0)
            )
            return nil
        }
        referee.claimed(
            Self.index(of: partition),
            by: number(of: host),
            from: lease.token,
            isMove: record?.owner != host
        )
        write(partition, owner: host, epoch: (record?.epoch ?? 0) + 1)
        referee.note(.acquired, host: number(of: host), partition: Self.index(of: partition), Int64(lastVersion))
        return self.lease(of: partition)
    }

    func renew(_ lease: Lease) -> Lease? {
        let (host, partition) = (number(of: lease.owner), Self.index(of: lease.partition))
        guard holds(lease) else {
            referee.note(.renewalRefused, host: host, partition: partition)
            return nil
        }
        write(lease.partition, owner: lease.owner, epoch: leases[lease.partition]?.epoch ?? 0)
        referee.note(.renewed, host: host, partition: partition, Int64(lastVersion))
        return self.lease(of: lease.partition)
    }

    func release(_ lease: Lease) {
        guard holds(lease), sabotage != .deafRelease else { return }
        write(lease.partition, owner: nil, epoch: leases[lease.partition]?.epoch ?? 0)
        referee.note(.released, host: number(of: lease.owner), partition: Self.index(of: lease.partition))
    }

    func holds(_ lease: Lease) -> Bool {
        guard let record = leases[lease.partition], record.owner != nil, record.owner == lease.owner else {
            return false
        }
        return style == .names || record.epoch == lease.epoch
    }

    private func write(_ partition: PartitionID, owner: HostID?, epoch: Int64) {
        lastVersion += 1
        let record = LeaseRecord(
            owner: owner,
            version: lastVersion,
            token: String(lastVersion),
            epoch: epoch,
            writtenAt: scheduler.now
        )
        guard leases.updateValue(record, forKey: partition) == nil else { return }
        claimedPartitions.append(partition)
        claimedPartitions.sort()
    }

    /// The expiry is told by the store's clock: a host whose own is wrong reckons wrongly.
    private func lease(of partition: PartitionID) -> Lease? {
        guard let record = leases[partition] else { return nil }
        return Lease(
            partition: partition,
            owner: record.owner,
            token: record.token,
            epoch: style == .epochs ? record.epoch : 0,
            expiry: SimulatedClock.epoch.advanced(by: .nanoseconds(record.writtenAt + leaseDuration))
        )
    }
}

// What only hosts see that know each other.
extension SimulatedStore {
    func announce(_ record: HostRecord) {
        let expiry = SimulatedClock.epoch.advanced(by: .nanoseconds(scheduler.now + leaseDuration))
        records[record.host] = HostRecord(
            host: record.host,
            requests: sabotage == .lostRequests ? [] : record.requests,
            isLeaving: record.isLeaving,
            expiry: expiry
        )
    }

    /// Those that have expired among them, as a store may.
    func hosts() -> [HostRecord] {
        records.keys.sorted().compactMap { records[$0] }
    }

    func withdraw(_ host: HostID) {
        records[host] = nil
    }

    func transfer(_ lease: Lease, to host: HostID) -> Lease? {
        guard holds(lease) else { return nil }
        referee.transferred(Self.index(of: lease.partition), from: number(of: lease.owner), to: number(of: host))
        write(lease.partition, owner: host, epoch: (leases[lease.partition]?.epoch ?? 0) + 1)
        return self.lease(of: lease.partition)
    }
}

// Checkpoints.
extension SimulatedStore {
    func checkpoint(of partition: PartitionID) -> CheckpointRecord? { checkpoints[partition] }

    /// In one: whether the host may, and the writing.
    func store(_ checkpoint: Checkpoint, holding lease: Lease) throws {
        let record = checkpoints[checkpoint.partition]
        guard holds(lease) || sabotage == .formerOwnersWrite else { throw refusal(lease) }
        let isAhead = record.map { checkpoint.isAhead(of: $0.checkpoint) } ?? true
        guard isAhead || sabotage == .backwards else { return }
        write(checkpoint, epoch: lease.epoch, owner: owner(of: lease.partition), by: lease.owner)
    }

    /// In three: only if nobody has written since the version was read; false when somebody has. The owner is the one that was
    /// found in between.
    func store(_ checkpoint: Checkpoint, over version: UInt64?, owner: HostID?, by host: HostID?) -> Bool {
        guard checkpoints[checkpoint.partition]?.version == version || sabotage == .backwards else { return false }
        write(checkpoint, epoch: 0, owner: owner, by: host)
        return true
    }

    func refusal(_ lease: Lease) -> EventProcessorError {
        referee.note(.checkpointRefused, host: number(of: lease.owner), partition: Self.index(of: lease.partition))
        return EventProcessorError(.leaseLost, message: "another host owns the partition", partition: lease.partition)
    }

    private func write(_ checkpoint: Checkpoint, epoch: Int64, owner: HostID?, by host: HostID?) {
        var checkpoint = checkpoint
        if sabotage == .hastyCheckpoints, let number = checkpoint.sequenceNumber {
            checkpoint = Checkpoint(
                partition: checkpoint.partition,
                offset: String(number + 1),
                sequenceNumber: number + 1
            )
        }
        lastVersion += 1
        checkpoints[checkpoint.partition] = CheckpointRecord(
            checkpoint: checkpoint,
            version: lastVersion,
            epoch: epoch
        )
        referee.checkpointStored(
            checkpoint.sequenceNumber ?? -1,
            host: number(of: host),
            partition: Self.index(of: checkpoint.partition),
            owner: owner.flatMap { hostNumber[$0] }
        )
    }
}
