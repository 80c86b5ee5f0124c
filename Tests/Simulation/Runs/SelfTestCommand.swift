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
        abstract:
            "Puts one defect after the other into the simulated parts; each has to be found by the promise it breaks."
    )

    @Option(help: "Within how many seeds.")
    var seeds: UInt64 = 5_000

    func run() throws {
        var missed: [Sabotage] = []
        for sabotage in Sabotage.allCases {
            guard let seed = find(sabotage) else {
                missed.append(sabotage)
                print("\(sabotage.rawValue): NOT FOUND within \(seeds) seeds")
                continue
            }
            print("\(sabotage.rawValue): seed \(seed): \(sabotage.broken.rawValue)")
        }
        print("\(Sabotage.allCases.count - missed.count) of \(Sabotage.allCases.count) defects found")
        guard missed.isEmpty else { throw ExitCode.failure }
    }

    /// The first seed that finds the defect by the promise it breaks.
    private func find(_ sabotage: Sabotage) -> UInt64? {
        (1...seeds).first { seed in
            let result = SeedRun.play(seed, sabotage: sabotage)
            guard sabotage.broken == .deterministic else { return result.violation?.invariant == sabotage.broken }
            return SeedRun.play(seed, sabotage: sabotage).hash != result.hash
        }
    }
}
