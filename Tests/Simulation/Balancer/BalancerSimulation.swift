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

/// Many balancers on one table of leases. There are no hosts behind them: each cycle every host renews, reads the table, decides, and its
/// claims get to the table some time later, among those of others.
struct BalancerSimulation {
    /// What it took to come to rest.
    struct Phase {
        let name: String
        let cycles: Int
        let bound: Int
        let moves: Int
        let needed: Int
        /// How even it is: the most and the least that a host owns.
        let most: Int
        let least: Int
        /// Moves in the cycles after that, of which there must be none.
        let movesAtRest: Int

        var isGood: Bool { cycles <= bound && most - least <= 1 && movesAtRest == 0 }
    }

    private struct Host {
        let id: HostID
        var balancer: LeaseBalancer
        var held: Set<PartitionID> = []
    }

    private struct Claim {
        let host: Int
        let lease: Lease
        /// Whether the host had it and gives it to another.
        let isGift: Bool
    }

    static let cycle: Duration = .seconds(10)
    static let leaseDuration: Duration = .seconds(60)
    private static let rules: BalancingRules = {
        var configuration = HostConfiguration()
        configuration.updateInterval = cycle
        configuration.leaseDuration = leaseDuration
        return BalancingRules(configuration)
    }()
    /// Cycles until the leases of hosts that have died are seen to have expired.
    static let expiryCycles = 7
    private static let cyclesAtRest = 3
    /// How many of a hundred claims get lost on their way.
    private static let lostClaims = 2
    /// How many of a hundred hosts act on the table as it was when the group before them read it.
    private static let staleReaders = 5

    private var random: SimulationRandom
    private var hosts: [Int: Host] = [:]
    private var numbers: [HostID: Int] = [:]
    /// What the hosts have announced. None where they know of leases only.
    private var records: [Int: HostRecord] = [:]
    private let cooperates: Bool
    private var table: [Lease]
    private var now = SimulatedClock.epoch
    private var version = 0
    private(set) var moves = 0

    init(partitions: Int, seed: UInt64, cooperates: Bool) {
        self.cooperates = cooperates
        random = SimulationRandom(seed: seed)
        table = (0..<partitions).map { .unclaimed(PartitionID(String($0))) }
    }

    /// Cold start, a newcomer, and the death of every other host.
    static func phases(hosts count: Int, partitions: Int, seed: UInt64, cooperates: Bool) -> [Phase] {
        var simulation = BalancerSimulation(partitions: partitions, seed: seed, cooperates: cooperates)
        for _ in 0..<count { simulation.addHost() }
        var phases = [simulation.phase("cold start", bound: 10)]
        simulation.addHost()
        phases.append(simulation.phase("a newcomer", bound: 6))
        for number in simulation.hosts.keys where number.isMultiple(of: 2) { simulation.hosts[number] = nil }
        phases.append(simulation.phase("half of them die", bound: expiryCycles + 6))
        return phases
    }

    private mutating func addHost() {
        let number = numbers.count
        let id = HostID("host-\(number)")
        numbers[id] = number
        hosts[number] = Host(
            id: id,
            balancer: LeaseBalancer(host: id, rules: Self.rules, seed: random.next())
        )
    }

    private mutating func phase(_ name: String, bound: Int) -> Phase {
        let needed = neededMoves()
        let before = moves
        var cycles = 0
        while !isBalanced, cycles <= 2 * bound {
            runCycle()
            cycles += 1
        }
        let counts = hosts.values.map(\.held.count)
        let needful = moves
        for _ in 0..<Self.cyclesAtRest { runCycle() }
        return Phase(
            name: name,
            cycles: cycles,
            bound: bound,
            moves: needful - before,
            needed: needed,
            most: counts.max() ?? 0,
            least: counts.min() ?? 0,
            movesAtRest: moves - needful
        )
    }

    private var isBalanced: Bool {
        let counts = hosts.values.map(\.held.count)
        guard let most = counts.max(), let least = counts.min() else { return false }
        return most - least <= 1 && counts.reduce(0, +) == table.count
    }

    /// The fewest changes of owner that make the group even.
    private func neededMoves() -> Int {
        let counts = hosts.values.map(\.held.count).sorted(by: >)
        let (floor, remainder) = table.count.quotientAndRemainder(dividingBy: counts.count)
        return counts.enumerated().reduce(0) { sum, host in
            sum + max(floor + (host.offset < remainder ? 1 : 0) - host.element, 0)
        }
    }
}

extension BalancerSimulation {
    private mutating func runCycle() {
        renewAll()
        look(hosts.keys.sorted())
        // Who waits for a hand-over looks again at once, and so do those that may have been asked.
        if cooperates { look(hosts.keys.sorted().filter { records[$0]?.requests.isEmpty == false }) }
        now = now.advanced(by: Self.cycle)
    }

    /// Each of the hosts reads, decides and claims once, in any order.
    private mutating func look(_ numbers: [Int]) {
        var order = numbers.shuffled(using: &random)
        var former = table
        while !order.isEmpty {
            // So many read the same table, and their claims are mixed.
            let group = order.prefix(1 + random.below(max(hosts.count / 4, 1)))
            order.removeFirst(group.count)
            let current = table
            let announced = records.keys.sorted().compactMap { records[$0] }
            var claims: [Claim] = []
            for number in group {
                let seen = random.percent(Self.staleReaders) ? former : current
                claims += decide(number, seeing: seen, announced)
            }
            for claim in claims.shuffled(using: &random) where !random.percent(Self.lostClaims) { apply(claim) }
            former = current
        }
    }

    private mutating func decide(_ number: Int, seeing leases: [Lease], _ announced: [HostRecord]) -> [Claim] {
        guard var host = hosts[number] else { return [] }
        var claims: [Claim] = []
        var requests: [PartitionID] = []
        for decision in host.balancer.decide(leases: leases, hosts: announced, holding: host.held, at: now) {
            switch decision {
            case .acquire(let lease), .steal(let lease, from: _):
                claims.append(Claim(host: number, lease: lease, isGift: false))
            case .request(let lease, from: _): requests.append(lease.partition)
            case .handOver(let lease, let heir):
                guard let heir = numbers[heir] else { continue }
                claims.append(Claim(host: heir, lease: lease, isGift: true))
            }
        }
        hosts[number] = host
        if cooperates {
            let expiry = now.advanced(by: Self.leaseDuration)
            records[number] = HostRecord(host: host.id, requests: requests, expiry: expiry)
        }
        return claims
    }

    private mutating func renewAll() {
        for index in table.indices {
            guard let owner = table[index].owner.flatMap({ numbers[$0] }), hosts[owner] != nil else { continue }
            write(index, owner)
        }
    }

    private mutating func apply(_ claim: Claim) {
        guard let index = Int(claim.lease.partition.rawValue), table[index].token == claim.lease.token else { return }
        let former = table[index].owner.flatMap { numbers[$0] }
        if former != claim.host {
            if let former { hosts[former]?.held.remove(claim.lease.partition) }
            moves += 1
        }
        // The heir finds its name, and acquires what it finds there.
        if !claim.isGift { hosts[claim.host]?.held.insert(claim.lease.partition) }
        write(index, claim.host)
    }

    private mutating func write(_ index: Int, _ owner: Int) {
        version += 1
        table[index] = Lease(
            partition: table[index].partition,
            owner: hosts[owner]?.id,
            token: String(version),
            expiry: now.advanced(by: Self.leaseDuration)
        )
    }
}
