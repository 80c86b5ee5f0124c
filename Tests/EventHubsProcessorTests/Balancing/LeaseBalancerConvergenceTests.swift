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

/// The promise: whatever the start, a group of living hosts is balanced after few cycles, and then nothing moves any more.
@Suite struct LeaseBalancerConvergenceTests {
    typealias Timing = BalancingSimulation.Timing
    typealias Kind = BalancingSimulation.Kind

    /// Hosts that start together on unclaimed partitions: 6 cycles.
    static let startLimit = 6
    /// After a host has joined: 5 cycles.
    static let joinLimit = 5
    /// After a host was killed: until its leases have expired, and 4 cycles more.
    static let killLimit = 7 + 4

    static let groups: [(hosts: Int, partitions: Int)] =
        [1, 2, 3, 8, 20].flatMap { hosts in [1, 2, 7, 32, 256].map { (hosts, $0) } }

    static let kinds = Kind.allCases.flatMap { kind in Timing.allCases.map { (kind, $0) } }

    @Test(arguments: groups, kinds)
    func convergesAndRests(group: (hosts: Int, partitions: Int), kind: (Kind, Timing)) {
        let seeds: UInt64 = group.hosts * group.partitions > 400 ? 3 : 16
        for seed in 0..<seeds {
            var simulation = BalancingSimulation(
                partitions: group.partitions,
                seed: seed,
                timing: kind.1,
                kind: kind.0
            )
            for index in 0..<group.hosts { simulation.addHost("host\(index)", at: .milliseconds(700 * index)) }
            #expect(simulation.converge(within: Self.startLimit) != nil, "start, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "start, seed \(seed)")

            simulation.addHost("late", at: .seconds(3))
            #expect(simulation.converge(within: Self.joinLimit) != nil, "join, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "join, seed \(seed)")

            simulation.kill("host0")
            #expect(simulation.converge(within: Self.killLimit) != nil, "kill, seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "kill, seed \(seed)")

            simulation.leave("late")
            if group.hosts > 1 {
                #expect(simulation.converge(within: 2) != nil, "leave, seed \(seed): \(simulation.counts)")
                expectRest(&simulation, "leave, seed \(seed)")
            }
            if kind.0 == .cooperative { #expect(simulation.steals == 0, "seed \(seed)") }
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
    @Test(arguments: [1, 2, 5, 19], Kind.allCases)
    func joiningMovesTheShareAndNoMore(hosts: Int, kind: Kind) {
        for (seed, partitions) in [32, 256].flatMap({ partitions in (0..<5 as Range<UInt64>).map { ($0, partitions) } })
        {
            var simulation = BalancingSimulation(partitions: partitions, seed: seed, timing: .apart, kind: kind)
            for index in 0..<hosts { simulation.addHost("host\(index)") }
            #expect(simulation.converge(within: Self.startLimit) != nil)
            let before = simulation.steals + simulation.gifts
            simulation.addHost("late")
            #expect(simulation.converge(within: Self.joinLimit) != nil)
            #expect(simulation.steals + simulation.gifts - before <= partitions / (hosts + 1) + 1)
        }
    }

    /// A host that stops moves what it has, and all of it goes to hosts that lack it.
    @Test(arguments: [2, 3, 8])
    func leavingHandsOverEverythingAtOnce(hosts: Int) {
        for seed in 0..<5 as Range<UInt64> {
            var simulation = BalancingSimulation(partitions: 32, seed: seed, timing: .apart, kind: .cooperative)
            for index in 0..<hosts { simulation.addHost("host\(index)") }
            #expect(simulation.converge(within: Self.startLimit) != nil)
            let (before, had) = (simulation.gifts, simulation.counts[0])
            simulation.leave("host0")
            #expect(simulation.gifts - before == had)
            #expect(simulation.isBalanced, "seed \(seed): \(simulation.counts)")
        }
    }

    @Test(arguments: Kind.allCases)
    func everybodyAtOnceAfterAnOutageOfAll(kind: Kind) {
        for seed in 0..<20 as Range<UInt64> {
            var simulation = BalancingSimulation(partitions: 64, seed: seed, timing: .racing, kind: kind)
            for index in 0..<8 { simulation.addHost("first\(index)") }
            #expect(simulation.converge(within: Self.startLimit) != nil)
            for index in 0..<8 { simulation.kill("first\(index)") }
            for index in 0..<8 { simulation.addHost("second\(index)", at: .seconds(100)) }
            #expect(simulation.converge(within: Self.startLimit) != nil, "seed \(seed): \(simulation.counts)")
        }
    }

    /// One partition in each cycle: slow, but there in the end.
    @Test(arguments: Kind.allCases)
    func balancedStrategyConvergesToo(kind: Kind) {
        for seed in 0..<5 as Range<UInt64> {
            var simulation = BalancingSimulation(partitions: 16, seed: seed, timing: .apart, kind: kind)
            simulation.strategy = .balanced
            for index in 0..<3 { simulation.addHost("host\(index)", at: .seconds(index)) }
            simulation.round()
            #expect(simulation.counts.allSatisfy { $0 <= 2 }, "not all at once: \(simulation.counts)")
            #expect(simulation.converge(within: 20) != nil, "seed \(seed): \(simulation.counts)")
            expectRest(&simulation, "seed \(seed)")
        }
    }
}
