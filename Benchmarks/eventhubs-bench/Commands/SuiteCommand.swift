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

/// Everything that needs no foreign software, in a few minutes: what `eventhubs-bench` does without a subcommand.
struct SuiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite",
        abstract: "All series but `peers`: a table each, results.json, plots and report.html."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws {
        let timed: [Experiment] =
            [ReceiveCommand.experiment, TLSCommand.experiment] + SendCommand.experiments
            + [ProcessCommand.experiment, ScaleCommand.partitions, ScaleCommand.growth(long: false)]
            + [DecodeCommand.experiment, GzipCommand.experiment]
        // Sizes hardly differ from one repeat to the next.
        let sizes: SeriesOptions.Work = { _, launcher, progress in
            try [MemoryCommand.idle, MemoryCommand.stalled, MemoryCommand.stalledLarge].map { experiment in
                try experiment.run(repeats: 1, launcher: launcher, progress: progress)
            }
        }
        let article: SeriesOptions.Work = { _, _, progress in
            [try ArticleCommand.measure(seconds: 4, share: nil, progress: progress)]
        }
        try series.run(timed.map(SeriesOptions.work) + [sizes, LatencyCommand.measure, article])
    }
}
