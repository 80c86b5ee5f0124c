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

/// Shows that the checks can fail: each sabotage has to be found.
struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Puts one defect after the other into the simulated parts; each has to be found."
    )

    @Option(help: "Within how many seeds.")
    var seeds: UInt64 = 5_000

    func run() throws {
        var missed: [Sabotage] = []
        for sabotage in Sabotage.allCases {
            guard let (seed, violation) = find(sabotage) else {
                missed.append(sabotage)
                print("\(sabotage.rawValue): NOT FOUND within \(seeds) seeds")
                continue
            }
            print("\(sabotage.rawValue): seed \(seed): \(violation.rawValue)")
        }
        print("\(Sabotage.allCases.count - missed.count) of \(Sabotage.allCases.count) defects found")
        guard missed.isEmpty else { throw ExitCode.failure }
    }

    private func find(_ sabotage: Sabotage) -> (UInt64, Violation.Invariant)? {
        for seed in 1...seeds {
            let result = SeedRun.play(seed, sabotage: sabotage)
            if sabotage == .outsideChance {
                if SeedRun.play(seed, sabotage: sabotage).hash != result.hash { return (seed, .deterministic) }
            } else if let violation = result.violation {
                return (seed, violation.invariant)
            }
        }
        return nil
    }
}
