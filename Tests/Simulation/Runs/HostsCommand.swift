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
import Foundation
import Synchronization

extension Scenario: ExpressibleByArgument {}
extension Sabotage: ExpressibleByArgument {}

/// Plays seeds, in several processes if asked to.
struct HostsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "Full hosts on a simulated hub and store (the default)."
    )

    @Option(help: "How many seeds to play.")
    var seeds: UInt64 = 1_000

    @Option(help: "The first of them.")
    var first: UInt64 = 1

    @Option(help: "Play this seed alone.")
    var seed: UInt64?

    @Option(
        help:
            "What may go wrong: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")). By default the seed decides."
    )
    var scenario: Scenario?

    @Option(help: "How many processes to use.")
    var workers = 1

    @Option(help: "Put a defect into a simulated part: \(Sabotage.allCases.map(\.rawValue).joined(separator: ", ")).")
    var sabotage: Sabotage?

    @Option(help: "Stop after so many seeds that failed.")
    var failures = 5

    @Flag(help: "Print everything that happens, and what the hosts log.")
    var trace = false

    @Flag(help: .private)
    var worker = false

    /// Processes are changed after so many seeds: the tasks of hosts that have crashed are never freed.
    private static let chunk: UInt64 = 500
    /// Every so many seeds one is played twice.
    static let repetition: UInt64 = 50

    func validate() throws {
        guard workers > 0 else { throw ValidationError("--workers must be above zero") }
        guard seed == nil || !trace || workers == 1 else { throw ValidationError("--trace wants one worker") }
    }

    func run() throws {
        if let seed {
            let result = SeedRun.play(seed, scenario: scenario, sabotage: sabotage, isPrinting: trace)
            report(result)
            print(SeedSummary(result).line)
            if result.violation != nil { throw ExitCode.failure }
            return
        }
        if worker || (workers == 1 && seeds <= Self.chunk) {
            let summary = play(first..<(first + seeds))
            print(summary.line)
            if summary.failed > 0 { throw ExitCode.failure }
            return
        }
        try distribute()
    }

    private func play(_ range: Range<UInt64>) -> SeedSummary {
        var summary = SeedSummary()
        for seed in range where summary.failed < failures {
            let result = SeedRun.play(seed, scenario: scenario, sabotage: sabotage)
            summary.add(result)
            report(result)
            guard seed.isMultiple(of: Self.repetition), result.violation == nil else { continue }
            summary.repeated += 1
            let again = SeedRun.play(seed, scenario: scenario, sabotage: sabotage)
            if again.hash != result.hash {
                summary.failed += 1
                print("seed \(seed) (\(result.scenario)) FAILED: \(Violation.Invariant.deterministic.rawValue)")
                print("  two runs in one process differ; replay: \(replay(seed))")
            }
        }
        return summary
    }

    private func replay(_ seed: UInt64) -> String {
        var command = "swift run -c release host-simulation --seed \(seed)"
        if let scenario { command += " --scenario \(scenario)" }
        if let sabotage { command += " --sabotage \(sabotage.rawValue)" }
        return command + " --trace"
    }

    private func report(_ result: SeedResult) {
        guard let violation = result.violation else { return }
        print("seed \(result.seed) (\(result.scenario)) FAILED: \(violation.invariant.rawValue)")
        print("  \(violation.partition.map { "partition \($0): " } ?? "")\(violation.details)")
        for event in result.history { print("  \(event)") }
        print("  replay: \(replay(result.seed))")
    }

    /// Gives the seeds out to processes, a chunk at a time.
    private func distribute() throws {
        let start = ContinuousClock.now
        let state = Mutex((next: first, total: SeedSummary(), hasFailedToRun: false, firstLine: ""))
        let last = first + seeds
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let range: Range<UInt64>? = state.withLock { state in
                    guard state.next < last, state.total.failed < failures, !state.hasFailedToRun else { return nil }
                    let range = state.next..<min(state.next + Self.chunk, last)
                    state.next = range.upperBound
                    return range
                }
                guard let range else { return }
                let result = try? Program.run(arguments(for: range))
                let lines = result?.output.split(separator: "\n").map(String.init) ?? []
                state.withLock { state in
                    guard let line = lines.last, let summary = SeedSummary(line: line) else {
                        print((lines + ["the process for the seeds \(range) broke down"]).joined(separator: "\n"))
                        state.hasFailedToRun = true
                        return
                    }
                    state.total.add(summary)
                    if range.lowerBound == first { state.firstLine = line }
                    for line in lines.dropLast() { print(line) }
                }
            }
        }
        var (_, total, hasFailedToRun, firstLine) = state.withLock { $0 }
        if total.failed == 0, !hasFailedToRun {
            // Another process has to come to the very same: nothing of an address or a clock may matter.
            let range = first..<min(first + Self.chunk, last)
            let again = try Program.run(arguments(for: range)).output.split(separator: "\n").last.map(String.init)
            if again != firstLine {
                total.failed += 1
                print(
                    "FAILED: \(Violation.Invariant.deterministic.rawValue): two processes differ for the seeds \(range)"
                )
                print("  \(firstLine)\n  \(again ?? "nothing")")
            }
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        print(total.text)
        print("\(Int(seconds)) s with \(workers) workers: \(Int(Double(total.seeds) / seconds)) seeds/s")
        if total.failed > 0 || hasFailedToRun { throw ExitCode.failure }
    }

    private func arguments(for range: Range<UInt64>) -> [String] {
        var arguments = ["hosts", "--worker", "--first", "\(range.lowerBound)", "--seeds", "\(range.count)"]
        arguments += ["--failures", "\(failures)"]
        if let scenario { arguments += ["--scenario", scenario.rawValue] }
        if let sabotage { arguments += ["--sabotage", sabotage.rawValue] }
        return arguments
    }
}
