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

/// Decides which partitions a host should own: pure, and the same answer for the same seed and history.
///
/// Every live host (one that owns an unexpired lease, and the deciding one itself) has a *share*: the partitions divided by
/// the hosts, and one more for the remainder's worth of hosts, which go to those that own most. Because all hosts reckon
/// alike from the same leases, those that act at the same time divide what is to be had instead of running for it.
///
/// - Free and expired leases are claimed up to the share at once. A partition that stays free for longer than a lease duration, because the host
///   whose share it belongs to does not take it, is claimed by anyone.
/// - Leases are stolen only by a host below its share from a host above its own, which owns at least two more then: every
///   move makes the distribution more even, and a balanced group never moves anything (no ping-pong). Until a host has had
///   its share for the first time it is *greedy* and takes all it lacks at once; afterwards it steals at most one in a cycle.
///
/// What a group may rely on, and what the tests hold it to: hosts that start together are balanced within six cycles, a newcomer is
/// served within four and moves no more partitions than its share, and a balanced group rests.
package struct LeaseBalancer: Sendable {
    private let host: HostID
    private let leaseDuration: Duration
    private var generator: SplitMix64
    private var hasHadShare = false
    private var freeSince: [PartitionID: ContinuousClock.Instant] = [:]

    /// Makes a balancer with no history.
    package init(host: HostID, leaseDuration: Duration, seed: UInt64) {
        self.host = host
        self.leaseDuration = leaseDuration
        generator = SplitMix64(seed: seed)
    }

    /// One decision per lease.
    ///
    /// - Parameters:
    ///   - leases: One lease for each partition of the hub, in an order that all hosts agree on.
    ///   - held: The partitions this host owns and renews, whatever the leases say about their expiry.
    ///   - now: The present.
    /// - Returns: The decisions, in no order.
    package mutating func decide(
        leases: [Lease],
        holding held: Set<PartitionID>,
        at now: ContinuousClock.Instant
    ) -> [LeaseDecision] {
        let group = Group(leases: leases, host: host, held: held, at: now)
        rememberFree(group.free, at: now)
        if group.mine.count >= group.share { hasHadShare = true }

        var decisions: [LeaseDecision] = group.mine.map { held.contains($0.partition) ? .renew($0) : .acquire($0) }
        let claimed = chooseFree(from: group, at: now)
        let stolen = chooseVictims(from: group, lacking: group.share - group.mine.count - claimed.count)

        let taken = Set(claimed.map(\.partition)).union(stolen.map(\.lease.partition))
        decisions += claimed.map { .acquire($0) }
        decisions += stolen.map { .steal($0.lease, from: $0.owner) }
        decisions += group.free.filter { !taken.contains($0.partition) }.map { .keep($0) }
        decisions += group.others.flatMap(\.leases).filter { !taken.contains($0.partition) }.map { .keep($0) }
        return decisions
    }

    private mutating func rememberFree(_ free: [Lease], at now: ContinuousClock.Instant) {
        let previous = freeSince
        freeSince = Dictionary(
            free.map { ($0.partition, previous[$0.partition] ?? now) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The free leases to claim: this host's slice of them, and those that nobody has claimed for too long.
    private mutating func chooseFree(from group: Group, at now: ContinuousClock.Instant) -> [Lease] {
        let abandoned = group.free.filter { lease in
            guard let since = freeSince[lease.partition] else { return false }
            return since.duration(to: now) >= leaseDuration
        }
        let fresh = group.free.filter { !abandoned.contains($0) }
        guard !group.mine.isEmpty else {
            // The others do not know of this host, so they divide otherwise: do not run for the same leases.
            return abandoned + fresh.shuffled(using: &generator).prefix(max(group.share - abandoned.count, 0))
        }
        return abandoned + fresh.dropFirst(group.lackingBefore).prefix(max(group.lacking - abandoned.count, 0))
    }

    /// The leases to steal: this host's slice of what others own above their share.
    private mutating func chooseVictims(from group: Group, lacking: Int) -> [(lease: Lease, owner: HostID)] {
        guard lacking > 0 else { return [] }
        let limit = hasHadShare ? 1 : lacking
        let surplus = group.surplus
        guard !group.mine.isEmpty else { return Array(surplus.shuffled(using: &generator).prefix(limit)) }
        let start = max(group.lackingBefore - group.free.count, 0)
        return Array(surplus.dropFirst(start).prefix(limit))
    }
}
