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
import Foundation

/// The options of every command that measures series, and the run that they share.
struct SeriesOptions: ParsableArguments {
    @Option(help: "How often each thing is measured.")
    var repeats = 3

    @Option(
        help: ArgumentHelp(
            "Where to write results.json, report.html and the plots; otherwise .build/benchmarks/TIME.",
            valueName: "folder"
        )
    )
    var output: String?

    @Flag(help: "Leave it to the system which processor source and measured process run on.")
    var unbound = false

    mutating func validate() throws {
        guard (1...100).contains(repeats) else { throw ValidationError("--repeats has to be from 1 to 100") }
    }

    /// Something that finds out one or more series.
    typealias Work = (_ repeats: Int, Launcher, Progress) throws -> [Series]

    /// Does `work` piece by piece, prints each table when it is there, and writes the report.
    func run(_ work: [Work]) throws {
        let launcher = unbound ? Launcher() : .bound()
        let progress = Progress()
        var report = Report(
            started: Date().formatted(.iso8601),
            machine: .current(),
            settings: .init(
                arguments: Array(CommandLine.arguments.dropFirst()),
                repeats: repeats,
                sourceCPU: launcher.sourceCPU,
                measuredCPU: launcher.measuredCPU
            ),
            series: []
        )
        if !report.machine.isOptimized {
            Output.line("This is a debug build: its figures mean nothing. Use `swift run -c release eventhubs-bench`.")
        }
        let folder = ReportFolder(output, started: report.started)
        Output.line(report.machine.summary)
        for part in work {
            for series in try part(repeats, launcher, progress) {
                progress.clear()
                Output.line("\n\(series.title)")
                for line in series.table.lines { Output.line("  " + line) }
                report.series.append(series)
                // After each series, so that an interrupted run leaves what it has found out.
                try folder.write(report)
            }
        }
        Output.line("\n\(folder.url.path)/report.html")
    }

    func run(_ experiments: [Experiment]) throws { try run(experiments.map(Self.work)) }

    /// The work of one experiment.
    static func work(_ experiment: Experiment) -> Work {
        { repeats, launcher, progress in
            [try experiment.run(repeats: repeats, launcher: launcher, progress: progress)]
        }
    }
}
