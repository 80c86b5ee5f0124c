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
        let articleSeconds = 5
        try series.run(
            [ReceiveCommand.experiment, TLSCommand.experiment].map(SeriesOptions.work)
                + SendCommand.experiments.map(SeriesOptions.work)
                + [ProcessCommand.experiment, ScaleCommand.partitions, ScaleCommand.growth(long: false)]
                .map(SeriesOptions.work)
                + [
                    DecodeCommand.experiment, GzipCommand.experiment, MemoryCommand.idle, MemoryCommand.stalled,
                    MemoryCommand.stalledLarge,
                ]
                .map(SeriesOptions.work)
                + [LatencyCommand.measure]
                + [
                    { _, _, progress in
                        [try ArticleCommand.measure(seconds: articleSeconds, share: nil, progress: progress)]
                    }
                ]
        )
    }
}
