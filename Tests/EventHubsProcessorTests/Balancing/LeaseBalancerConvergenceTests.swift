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

/// Many hosts on one store, with their cycles at different times and their claims interleaved.
struct BalancingSimulation {
    struct Host {
        let id: HostID
        var balancer: LeaseBalancer
        var nextCycle: Duration
    }

    let partitions: Int
    var generator: SplitMix64
    var hosts: [Host] = []
    var store: [Lease]
    var now: Duration = .zero
    /// Every change of owner that was not the end of a dead or departed host.
    var steals = 0
    /// Whether hosts that read the leases at the same time all act on what they read.
    let racing: Bool
    private var version = 0
    private let start = ContinuousClock.now

    static let interval: Duration = .seconds(10)
    static let leaseDuration: Duration = .seconds(60)

    init(partitions: Int, seed: UInt64, racing: Bool) {
        self.partitions = partitions
        self.racing = racing
        generator = SplitMix64(seed: seed)
        store = (0..<partitions).map { .unclaimed(PartitionID(String($0))) }
    }

    mutating func addHost(_ name: String, at delay: Duration = .zero) {
        let balancer = LeaseBalancer(host: HostID(name), leaseDuration: Self.leaseDuration, seed: generator.next())
        hosts.append(Host(id: HostID(name), balancer: balancer, nextCycle: now + delay))
    }

    /// The host's lease records stay as they are: it was killed.
    mutating func kill(_ name: String) {
        hosts.removeAll { $0.id == HostID(name) }
    }

    /// One round: every host has one cycle, in the order of their times.
    mutating func round() {
        var claims: [(host: HostID, decision: LeaseDecision)] = []
        let order = hosts.indices.sorted { hosts[$0].nextCycle < hosts[$1].nextCycle }
        if racing { for host in hosts { renew(host.id) } }
        for index in order {
            now = max(now, hosts[index].nextCycle)
            let host = hosts[index].id
            if !racing { renew(host) }
            let held = Set(store.filter { $0.owner == host }.map(\.partition))
            let decisions = hosts[index].balancer.decide(leases: store, holding: held, at: instant)
            if racing {
                claims += decisions.map { (host, $0) }
            } else {
                for decision in decisions { apply(decision, for: host) }
            }
            hosts[index].nextCycle = now + Self.interval * Double.random(in: 0.9...1.1, using: &generator)
        }
        // Racing hosts have all read the same leases; their claims reach the store in any order.
        claims.shuffle(using: &generator)
        for (host, decision) in claims { apply(decision, for: host) }
    }

    private var instant: ContinuousClock.Instant { start.advanced(by: now) }

    private mutating func renew(_ host: HostID) {
        for index in store.indices where store[index].owner == host { write(index, host) }
    }

    private mutating func apply(_ decision: LeaseDecision, for host: HostID) {
        let lease: Lease
        switch decision {
        case .acquire(let free): lease = free
        case .steal(let owned, from: let owner):
            lease = owned
            #expect(owner != host)
        case .renew, .keep: return
        }
        guard let index = Int(lease.partition.rawValue), store[index].token == lease.token else { return }
        if case .steal = decision { steals += 1 }
        write(index, host)
    }

    private mutating func write(_ index: Int, _ host: HostID) {
        version += 1
        store[index] = Lease(
            partition: store[index].partition,
            owner: host,
            token: String(version),
            expiry: instant.advanced(by: Self.leaseDuration)
        )
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

/// The promise: whatever the start, a group of living hosts is balanced after few cycles, and then nothing moves any more.
@Suite struct LeaseBalancerConvergenceTests {
    /// Hosts that start together on unclaimed partitions: 6 cycles.
    static let startLimit = 6
    /// After a host has joined: 4 cycles.
    static let joinLimit = 4
    /// After a host was killed: until its leases have expired, and 4 cycles more.
    static let killLimit = 7 + 4

    static let groups: [(hosts: Int, partitions: Int)] =
        [1, 2, 3, 8, 20].flatMap { hosts in [1, 2, 7, 32, 256].map { (hosts, $0) } }

    @Test(arguments: groups, [false, true])
    func convergesAndRests(group: (hosts: Int, partitions: Int), racing: Bool) {
        let seeds: UInt64 = group.hosts * group.partitions > 400 ? 3 : 16
        for seed in 0..<seeds {
            var simulation = BalancingSimulation(partitions: group.partitions, seed: seed, racing: racing)
            for index in 0..<group.hosts { simulation.addHost("host\(index)", at: .milliseconds(700 * index)) }
            #expect(simulation.converge(within: Self.startLimit) != nil, "start, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "start, seed \(seed)")

            simulation.addHost("late", at: .seconds(3))
            #expect(simulation.converge(within: Self.joinLimit) != nil, "join, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "join, seed \(seed)")

            simulation.kill("host0")
            #expect(simulation.converge(within: Self.killLimit) != nil, "kill, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "kill, seed \(seed)")
        }
    }

    /// No ping-pong: a balanced group stays as it is.
    private func expectRest(_ simulation: inout BalancingSimulation, _ what: String) {
        let (owners, steals) = (simulation.store.map(\.owner), simulation.steals)
        for _ in 0..<5 { simulation.round() }
        #expect(simulation.store.map(\.owner) == owners, "\(what)")
        #expect(simulation.steals == steals, "\(what)")
    }

    /// A newcomer costs no more moves than the partitions it needs.
    @Test(arguments: [1, 2, 5, 19], [32, 256])
    func joiningMovesTheShareAndNoMore(hosts: Int, partitions: Int) {
        for seed in 0..<5 as Range<UInt64> {
            var simulation = BalancingSimulation(partitions: partitions, seed: seed, racing: false)
            for index in 0..<hosts { simulation.addHost("host\(index)") }
            #expect(simulation.converge(within: Self.startLimit) != nil)
            let before = simulation.steals
            simulation.addHost("late")
            #expect(simulation.converge(within: Self.joinLimit) != nil)
            #expect(simulation.steals - before <= partitions / (hosts + 1) + 1)
        }
    }

    @Test func everybodyAtOnceAfterAnOutageOfAll() {
        for seed in 0..<20 as Range<UInt64> {
            var simulation = BalancingSimulation(partitions: 64, seed: seed, racing: true)
            for index in 0..<8 { simulation.addHost("first\(index)") }
            #expect(simulation.converge(within: Self.startLimit) != nil)
            for index in 0..<8 { simulation.kill("first\(index)") }
            for index in 0..<8 { simulation.addHost("second\(index)", at: .seconds(100)) }
            #expect(simulation.converge(within: Self.startLimit) != nil, "seed \(seed): \(simulation.counts)")
        }
    }
}
