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

internal import ArgumentParser

/// From the producer's call to the processor's, through the emulator.
struct LatencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "The time from a producer's call to a processor's, on an idle system and at half of what it can take."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.measure]) }

    /// Events per second on an idle system.
    private static let idleRate = 1_000

    static func measure(repeats: Int, launcher: Launcher, progress: Progress) throws -> [Series] {
        // Not bound: three programs' threads share the processors as they would in production.
        let launcher = Launcher()
        let most = try highestRate(with: launcher, progress: progress)
        let loads = [("idle", idleRate), ("half load", most / 2)]
        var samples = loads.map { _ in [Sample]() }
        for round in 1...repeats {
            for (index, load) in loads.enumerated() {
                progress.show("latency: \(load.0), \(round) of \(repeats)")
                samples[index].append(try measure(at: load.1, seconds: 2, with: launcher))
            }
        }
        let rows = loads.indices.map { index in
            Row(
                point: "\(loads[index].0), \(Figures.short(Double(loads[index].1)))/s",
                contender: "produce to process",
                samples: samples[index],
                reference: nil
            )
        }
        return [
            Series(
                name: "latency",
                title: "Latency from producer to processor",
                note: """
                    Single events of 100 B, sent by the clock whether earlier ones have arrived or not (all that are due, \
                    at most every 200 us), acknowledged and \
                    delivered to a full host by the emulator, which runs in a process of its own; producer and host share one. \
                    Half load is half of \(Figures.short(Double(most))) events/s, the last of the rates of which each is 1.4 times the one \
                    before that arrived as fast as they were sent. Not bound to processors.
                    """,
                axis: "load",
                rows: rows
            )
        ]
    }

    /// The highest rate that arrives as fast as it is sent.
    private static func highestRate(with launcher: Launcher, progress: Progress) throws -> Int {
        var (kept, next) = (2 * idleRate, 10 * idleRate)
        while true {
            progress.show("latency: whether \(Figures.short(Double(next))) events a second arrive as they are sent")
            let sample = try measure(at: next, seconds: 1, with: launcher)
            guard let arrived = sample[Metric.eventsPerSecond.rawValue], arrived > 0.95 * Double(next) else {
                return kept
            }
            (kept, next) = (next, next * 7 / 5)
        }
    }

    private static func measure(at rate: Int, seconds: Int, with launcher: Launcher) throws -> Sample {
        // A new emulator each time: an empty log, and an empty heap.
        let emulator = try launcher.startSource(.own("probe", "emulator", "--end-with-input"))
        defer { withExtendedLifetime(emulator) {} }
        return try launcher.measure(
            .own(
                "probe",
                "latency",
                "--rate",
                String(rate),
                "--seconds",
                String(seconds),
                "--connection-string",
                emulator.words.first ?? ""
            )
        )
    }
}
