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
/// Every live host (one that has announced itself, or owns an unexpired lease, and the deciding one) has a *share*: the partitions
/// divided by the hosts, and one more for the remainder's worth of hosts, which go to those that own most. What is to be had (free
/// leases, those of leaving hosts, and what others own above their shares) and the hosts that lack something stand in an order that
/// all hosts agree on. Those that act at the same time therefore divide it instead of running for it.
///
/// - Free and expired leases are claimed up to the share at once. A partition that stays free for longer than a lease duration, because
///   the host whose share it belongs to does not take it, is claimed by anyone.
/// - What the share lacks then is *asked for*, if its owner has announced itself; the owner hands it over as long as it is above its own
///   share and the asker below its.
/// - What cannot be asked for, because the owner knows nothing of requests, or has not answered one in time, is *stolen*: only from a host
///   that owns at least two more, and from those who cannot be asked only by a host that has been below its share for two looks at
///   the group. Until it has had its share for the first time a greedy host takes all it lacks at once, afterwards at most one in a
///   cycle.
///
/// Every move makes the distribution more even, and a balanced group never moves anything. What a group may rely on, and what the tests
/// hold it to, is in the article *Balancing*.
package struct LeaseBalancer: Sendable {
    private struct Request {
        let partition: PartitionID
        let owner: HostID
        let since: ContinuousClock.Instant
    }

    private let host: HostID
    private let rules: BalancingRules
    private var generator: SplitMix64
    private var freeSince: [PartitionID: ContinuousClock.Instant] = [:]
    private var requests: [Request] = []
    private var hasHadShare = false
    private var belowShareSince: ContinuousClock.Instant?
    private var lastSteal: ContinuousClock.Instant?
    private var lastClaim: ContinuousClock.Instant?

    /// Makes a balancer with no history.
    package init(host: HostID, rules: BalancingRules, seed: UInt64) {
        self.host = host
        self.rules = rules
        generator = SplitMix64(seed: seed)
    }

    /// What to do now.
    ///
    /// - Parameters:
    ///   - leases: One lease for each partition of the hub, in an order that all hosts agree on.
    ///   - hosts: What the hosts have announced, in any order. Empty where hosts cannot.
    ///   - held: The partitions this host owns and renews, whatever the leases say about their expiry.
    ///   - promised: The partitions this host is handing over, and to whom.
    ///   - now: The present.
    /// - Returns: The decisions, in no order.
    package mutating func decide(
        leases: [Lease],
        hosts: [HostRecord] = [],
        holding held: Set<PartitionID>,
        handingOver promised: [PartitionID: HostID] = [:],
        at now: ContinuousClock.Instant
    ) -> [LeaseDecision] {
        let group = Group(
            leases: leases,
            records: hosts,
            host: host,
            isLeaving: false,
            held: held,
            promised: promised,
            at: now
        )
        rememberFree(in: group, at: now)
        rememberShare(of: group.me, at: now)
        let own = group.me.owned.filter { place in
            let partition = leases[place].partition
            return leases[place].owner == host && !held.contains(partition) && promised[partition] == nil
        }
        let claimed = chooseFree(in: group, at: now)
        let (asked, stolen) = chooseOwned(in: group, lacking: group.me.lacking - claimed.count, at: now)
        return (own + claimed).map { .acquire(leases[$0]) }
            + asked.map { .request(leases[$0.lease], from: $0.owner) }
            + stolen.map { .steal(leases[$0.lease], from: $0.owner) }
            + chooseGifts(in: group, hosts, holding: held, at: now)
    }

    /// Who should get what a leaving host has. Partitions that nobody can be handed are not among them.
    package static func heirs(
        leases: [Lease],
        hosts: [HostRecord],
        leaving host: HostID,
        holding held: Set<PartitionID>,
        at now: ContinuousClock.Instant
    ) -> [PartitionID: HostID] {
        let group = Group(
            leases: leases,
            records: hosts,
            host: host,
            isLeaving: true,
            held: held,
            promised: [:],
            at: now
        )
        let heirs = group.heirs.filter(\.heir.cooperates).map { (leases[$0.lease].partition, $0.heir.host) }
        return Dictionary(heirs, uniquingKeysWith: { first, _ in first })
    }
}

extension LeaseBalancer {
    private typealias Owned = (lease: Int, owner: HostID)

    private mutating func rememberFree(in group: Group, at now: ContinuousClock.Instant) {
        let previous = freeSince
        freeSince = Dictionary(
            group.free.map { place in
                let partition = group.leases[place].partition
                return (partition, previous[partition] ?? now)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private mutating func rememberShare(of me: Group.Member, at now: ContinuousClock.Instant) {
        guard me.lacking > 0 else {
            hasHadShare = true
            belowShareSince = nil
            return
        }
        belowShareSince = belowShareSince ?? now
    }

    /// The free leases to claim: this host's slice of them, and those that nobody has claimed for too long.
    private mutating func chooseFree(in group: Group, at now: ContinuousClock.Instant) -> [Int] {
        guard !group.free.isEmpty else { return [] }
        let abandoned = group.free.filter { place in
            guard let since = freeSince[group.leases[place].partition] else { return false }
            return since.duration(to: now) >= rules.leaseDuration
        }
        let isAbandoned = Set(abandoned)
        // Those that do not know of this host divide otherwise: do not run for the same leases.
        let fresh = group.isKnown ? group.mySlice.filter(group.isFree) : group.free.shuffled(using: &generator)
        let missing = max(group.me.lacking - abandoned.count, 0)
        let chosen = abandoned + fresh.filter { !isAbandoned.contains($0) }.prefix(missing)
        guard rules.strategy == .balanced, !chosen.isEmpty else { return chosen }
        guard isDue(after: lastClaim, at: now) else { return [] }
        lastClaim = now
        return [chosen[0]]
    }

    /// What to ask for, and what to take from its owner.
    private mutating func chooseOwned(
        in group: Group,
        lacking: Int,
        at now: ContinuousClock.Instant
    ) -> (asked: [Owned], stolen: [Owned]) {
        var limit = min(max(lacking, 0), HostRecord.maximumRequests)
        if rules.strategy == .balanced { limit = min(limit, 1) }
        var asked = openRequests(in: group).prefix(limit)
        let isAsked = Set(asked.map(\.lease))
        var untold: [Owned] = []
        let others = group.isKnown ? Array(group.mySlice) : group.pool.shuffled(using: &generator)
        for lease in others where asked.count + untold.count < limit && !isAsked.contains(lease) {
            guard let owner = group.owner(of: lease), owner.host != host else { continue }
            if owner.cooperates, group.isAnnounced {
                let partition = group.leases[lease].partition
                asked.append((lease, Request(partition: partition, owner: owner.host, since: now)))
            } else {
                untold.append((lease, owner.host))
            }
        }
        let overdue = asked.filter { $0.request.since.duration(to: now) >= rules.handOverDeadline }
        let stolen = (overdue.map { ($0.lease, $0.request.owner) } + (isPatient(at: now) ? untold : []))
            .prefix(stealAllowance(at: now))
        if !stolen.isEmpty { lastSteal = now }
        let isStolen = Set(stolen.map(\.0))
        let kept = asked.filter { !isStolen.contains($0.lease) }
        // Also what is taken now: whoever loses the race for it to a renewal tries again at once, not after another deadline.
        requests = asked.map(\.request)
        return (kept.map { ($0.lease, $0.request.owner) }, Array(stolen))
    }

    /// What has been asked for and may still be handed over: whoever asked for something else in each look would never get it.
    private func openRequests(in group: Group) -> [(lease: Int, request: Request)] {
        guard !requests.isEmpty else { return [] }
        let open = Dictionary(requests.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
        return group.leases.indices.compactMap { lease in
            guard let request = open[group.leases[lease].partition], let owner = group.owner(of: lease) else {
                return nil
            }
            return owner.host == request.owner && owner.cooperates && owner.surplus > 0 ? (lease, request) : nil
        }
    }

    /// Whether this host has been below its share for two cycles.
    private func isPatient(at now: ContinuousClock.Instant) -> Bool {
        guard let belowShareSince else { return false }
        return belowShareSince.duration(to: now) >= rules.pace
    }

    private func stealAllowance(at now: ContinuousClock.Instant) -> Int {
        if rules.strategy == .greedy, !hasHadShare { return .max }
        return isDue(after: lastSteal, at: now) ? 1 : 0
    }

    private func isDue(after last: ContinuousClock.Instant?, at now: ContinuousClock.Instant) -> Bool {
        last.map { $0.duration(to: now) >= rules.pace } ?? true
    }

    /// What this host has above its share and was asked for. Of several hosts that want a partition it goes to the one that owns least.
    private func chooseGifts(
        in group: Group,
        _ records: [HostRecord],
        holding held: Set<PartitionID>,
        at now: ContinuousClock.Instant
    ) -> [LeaseDecision] {
        guard group.me.surplus > 0 else { return [] }
        var askers: [PartitionID: [Int]] = [:]
        for record in records where record.host != host && record.isLive(at: now) && !record.isLeaving {
            guard let asker = group.place(of: record.host) else { continue }
            for partition in record.requests { askers[partition, default: []].append(asker) }
        }
        guard !askers.isEmpty else { return [] }
        var given: [Int: Int] = [:]
        var gifts: [LeaseDecision] = []
        for lease in group.me.owned.lazy.map({ group.leases[$0] }) where gifts.count < group.me.surplus {
            guard held.contains(lease.partition), let candidates = askers[lease.partition] else { continue }
            let heir = candidates.filter { given[$0, default: 0] < group.members[$0].lacking }.min { left, right in
                let leftOwns = group.members[left].owned.count + given[left, default: 0]
                let rightOwns = group.members[right].owned.count + given[right, default: 0]
                return leftOwns == rightOwns
                    ? group.members[left].host < group.members[right].host : leftOwns < rightOwns
            }
            guard let heir else { continue }
            given[heir, default: 0] += 1
            gifts.append(.handOver(lease, to: group.members[heir].host))
        }
        return gifts
    }
}
