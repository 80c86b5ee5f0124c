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

/// Many hosts on one store, with their cycles at different times and their claims interleaved. No time passes but between cycles:
/// an owner hands over at once.
struct BalancingSimulation {
    struct Host {
        let id: HostID
        var balancer: LeaseBalancer
        var nextCycle: Duration
    }

    enum Timing: CaseIterable {
        /// One host after the other.
        case apart
        /// Hosts that read the same leases, and act on them in any order.
        case racing
    }

    enum Kind: CaseIterable {
        /// Hosts know only each other's leases.
        case plain
        /// Hosts announce themselves, ask and hand over.
        case cooperative
    }

    let partitions: Int
    let timing: Timing
    let kind: Kind
    var strategy = BalancingStrategy.greedy
    var generator: SplitMix64
    var hosts: [Host] = []
    var store: [Lease]
    var records: [HostID: HostRecord] = [:]
    var now: Duration = .zero
    /// Partitions that were taken from a living host without its agreement.
    var steals = 0
    /// Partitions that were handed over.
    var gifts = 0
    private var version = 0
    private let start = ContinuousClock.now

    static let interval: Duration = .seconds(10)
    static let leaseDuration: Duration = .seconds(60)

    init(partitions: Int, seed: UInt64, timing: Timing, kind: Kind) {
        self.partitions = partitions
        self.timing = timing
        self.kind = kind
        generator = SplitMix64(seed: seed)
        store = (0..<partitions).map { .unclaimed(PartitionID(String($0))) }
    }

    mutating func addHost(_ name: String, at delay: Duration = .zero) {
        var configuration = HostConfiguration()
        configuration.balancing = strategy
        configuration.updateInterval = Self.interval
        configuration.leaseDuration = Self.leaseDuration
        let balancer = LeaseBalancer(host: HostID(name), rules: BalancingRules(configuration), seed: generator.next())
        hosts.append(Host(id: HostID(name), balancer: balancer, nextCycle: now + delay))
    }

    /// The host's records stay as they are: it was killed.
    mutating func kill(_ name: String) {
        hosts.removeAll { $0.id == HostID(name) }
    }

    /// The host stops in good order.
    mutating func leave(_ name: String) {
        let leaving = HostID(name)
        hosts.removeAll { $0.id == leaving }
        let held = holding(leaving)
        let heirs = LeaseBalancer.heirs(
            leases: store,
            hosts: Array(records.values),
            leaving: leaving,
            holding: held,
            at: instant
        )
        for index in store.indices where store[index].owner == leaving {
            if heirs[store[index].partition] != nil { gifts += 1 }
            write(index, heirs[store[index].partition])
        }
        records[leaving] = nil
    }

    /// All cycles of one interval.
    mutating func round() {
        switch timing {
        case .apart: cycleApart()
        case .racing: cycleAtOnce()
        }
    }

    private mutating func cycleApart() {
        let end = now + Self.interval
        while let index = hosts.indices.min(by: { hosts[$0].nextCycle < hosts[$1].nextCycle }),
            hosts[index].nextCycle < end
        {
            now = max(now, hosts[index].nextCycle)
            let host = hosts[index].id
            renew(host)
            let decisions = decide(index)
            for decision in decisions { apply(decision, for: host) }
            hosts[index].nextCycle = now + pause(after: decisions)
        }
        now = end
    }

    private mutating func cycleAtOnce() {
        for host in hosts { renew(host.id) }
        var all: [(host: HostID, decision: LeaseDecision)] = []
        for index in hosts.indices {
            now = max(now, hosts[index].nextCycle)
            all += decide(index).map { (hosts[index].id, $0) }
        }
        for (host, decision) in all.shuffled(using: &generator) { apply(decision, for: host) }
        now += Self.interval
        for index in hosts.indices { hosts[index].nextCycle = now }
    }

    private mutating func decide(_ index: Int) -> [LeaseDecision] {
        let host = hosts[index].id
        let decisions = hosts[index].balancer.decide(
            leases: store,
            hosts: kind == .plain ? [] : records.values.sorted { $0.host < $1.host },
            holding: holding(host),
            at: instant
        )
        let requests = decisions.compactMap { decision in
            if case .request(let lease, _) = decision { lease.partition } else { nil }
        }
        announce(host, requests)
        return decisions
    }

    private mutating func pause(after decisions: [LeaseDecision]) -> Duration {
        let waits = decisions.contains { if case .request = $0 { true } else { false } }
        return waits ? .seconds(1) : Self.interval * Double.random(in: 0.9...1.1, using: &generator)
    }

    private mutating func renew(_ host: HostID) {
        announce(host, records[host]?.requests ?? [])
        for index in store.indices where store[index].owner == host { write(index, host) }
    }

    private mutating func announce(_ host: HostID, _ requests: [PartitionID]) {
        records[host] = HostRecord(host: host, requests: requests, expiry: instant.advanced(by: Self.leaseDuration))
    }

    private mutating func apply(_ decision: LeaseDecision, for host: HostID) {
        let (lease, next): (Lease, HostID)
        switch decision {
        case .acquire(let free): (lease, next) = (free, host)
        case .steal(let owned, from: let owner):
            (lease, next) = (owned, host)
            #expect(owner != host)
        case .handOver(let owned, to: let heir):
            (lease, next) = (owned, heir)
            #expect(owned.owner == host && heir != host)
        case .request(let owned, from: let owner):
            #expect(owned.owner == owner && owner != host)
            return
        }
        guard let index = Int(lease.partition.rawValue), store[index].token == lease.token else { return }
        if case .steal = decision { steals += 1 }
        if case .handOver = decision { gifts += 1 }
        write(index, next)
    }

    private mutating func write(_ index: Int, _ host: HostID?) {
        version += 1
        store[index] = Lease(
            partition: store[index].partition,
            owner: host,
            token: String(version),
            expiry: instant.advanced(by: Self.leaseDuration)
        )
    }
}

extension BalancingSimulation {
    private var instant: ContinuousClock.Instant { start.advanced(by: now) }

    private func holding(_ host: HostID) -> Set<PartitionID> {
        Set(store.filter { $0.owner == host }.map(\.partition))
    }

    var counts: [Int] {
        hosts.map { host in store.count { $0.owner == host.id } }
    }

    var isBalanced: Bool {
        guard let least = counts.min(), let most = counts.max() else { return false }
        return most - least <= 1 && counts.reduce(0, +) == partitions
    }

    /// Runs until the group is balanced.
    ///
    /// - Returns: The rounds it took, or nil when the limit was passed.
    mutating func converge(within limit: Int) -> Int? {
        for rounds in 0...limit {
            if isBalanced { return rounds }
            round()
        }
        return nil
    }
}
