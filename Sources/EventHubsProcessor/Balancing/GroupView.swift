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

/// What a host knows of its consumer group: what it has read last, and whose the partitions were before that.
struct GroupView {
    let host: HostID
    /// The leases as last read.
    private(set) var leases: [Lease] = []
    /// The hosts' records as last read.
    private(set) var records: [HostRecord] = []
    /// The leases by partition.
    private var known: [PartitionID: Lease] = [:]
    /// Those that were read before.
    private var former: [PartitionID: Lease] = [:]
    private var readings = 0

    init(of host: HostID) {
        self.host = host
    }

    mutating func read(_ leases: [Lease], _ records: [HostRecord]) {
        self.leases = leases
        self.records = records
        former = known
        known = Dictionary(leases.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
        readings = min(readings + 1, 2)
    }

    /// One lease for each of the partitions, in their order.
    func leases(of partitions: [PartitionID]) -> [Lease] {
        partitions.map { known[$0] ?? .unclaimed($0) }
    }

    /// Whether a host is alive and takes partitions.
    func isStaying(_ host: HostID, at now: ContinuousClock.Instant) -> Bool {
        records.contains { $0.host == host && $0.isLive(at: now) && !$0.isLeaving }
    }

    /// How a lease that was just read comes to this host, and whose it was.
    func origin(of lease: Lease, at now: ContinuousClock.Instant) -> (how: HostMetrics.Acquisition, owner: HostID?) {
        if lease.owner != host { return (lease.owner(at: now) == nil ? .free : .stolen, lease.owner) }
        // Our own name where another stood: somebody else has written it.
        let former = former[lease.partition]?.owner
        return readings < 2 || former == host ? (.resumed, host) : (.handedOver, former)
    }
}
