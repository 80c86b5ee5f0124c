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

import ArgumentParser

/// Only the balancer, with many hosts.
struct BalancerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balancer",
        abstract: "Only the balancer: how many cycles and moves it takes many hosts to share many partitions."
    )

    @Option(help: "How many hosts. Without it: 10 x 100, 100 x 1,000 and 1,000 x 10,000.")
    var hosts: Int?

    @Option(help: "How many partitions.")
    var partitions = 10_000

    @Option(help: "How many seeds for each size; without --hosts the largest has one.")
    var seeds: UInt64 = 3

    @Option(help: "The first of them.")
    var first: UInt64 = 1

    func validate() throws {
        guard hosts.map({ $0 > 1 }) ?? true, partitions > 0, seeds > 0 else {
            throw ValidationError("there have to be two hosts, a partition and a seed at least")
        }
    }

    func run() throws {
        var isGood = true
        print(
            "  hosts partitions  seed  group        phase            cycles (bound)   moves (needed)  most...least  moves at rest"
        )
        var sizes: [(hosts: Int, partitions: Int, seeds: UInt64)] = [
            (10, 100, seeds), (100, 1_000, seeds), (1_000, 10_000, 1),
        ]
        if let hosts { sizes = [(hosts, partitions, seeds)] }
        for size in sizes {
            for seed in first..<(first + size.seeds) {
                for cooperates in [true, false] {
                    let phases = BalancerSimulation.phases(
                        hosts: size.hosts,
                        partitions: size.partitions,
                        seed: seed,
                        cooperates: cooperates
                    )
                    for phase in phases {
                        let group = cooperates ? "cooperative" : "leases only"
                        print(line(phase, hosts: size.hosts, partitions: size.partitions, seed: seed, group))
                        isGood = isGood && phase.isGood
                    }
                }
            }
        }
        guard isGood else {
            print("FAILED: a bound was passed, a group was not even, or it did not rest")
            throw ExitCode.failure
        }
    }

    private func line(_ phase: BalancerSimulation.Phase, hosts: Int, partitions: Int, seed: UInt64, _ group: String)
        -> String
    {
        [
            pad("\(hosts)", 7), pad("\(partitions)", 11), pad("\(seed)", 6), "  " + group + "  ",
            phase.name + String(repeating: " ", count: max(16 - phase.name.count, 0)),
            pad("\(phase.cycles) (\(phase.bound))", 16), pad("\(phase.moves) (\(phase.needed))", 17),
            pad("\(phase.most)...\(phase.least)", 14), pad("\(phase.movesAtRest)", 15),
            phase.isGood ? "" : "  FAILED",
        ].joined()
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
