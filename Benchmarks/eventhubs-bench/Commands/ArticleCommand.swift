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

/// The table of 2018 that this project answers: full hosts of three languages, beside ours on this machine.
struct ArticleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "article",
        abstract: "Full hosts, each in a process of its own, beside the throughput that others published in 2018.",
        discussion: """
            The published hosts ran in a cluster against the real service, ours share this machine with their load source: the \
            rows show the order of magnitude, not a race.
            """
    )

    @Flag(help: "Hold each host to 0.9 of a processor, as the pods of 2018 were; needs control groups.")
    var capped = false

    @Option(help: "How long each row is measured; a checkpoint is written every 10 s.")
    var seconds = 12

    @OptionGroup var series: SeriesOptions

    func run() throws {
        let (capped, seconds) = (capped, seconds)
        try series.run([
            { _, _, progress in
                [try Self.measure(seconds: seconds, share: capped ? Self.share : nil, progress: progress)]
            }
        ])
    }

    /// What a pod of 2018 was given of a processor.
    private static let share = 0.9

    /// A row of the published table.
    private struct Scenario {
        var partitions: Int
        var hosts: Int
        var bodySize: Int
        /// Megabytes a second, by language.
        var published: [(String, Double)]

        var label: String { "\(partitions) partitions, \(hosts) hosts, \(bodySize < 1024 ? "\(bodySize) B" : "2 KB")" }
    }

    private static let scenarios = [
        Scenario(
            partitions: 4,
            hosts: 4,
            bodySize: 2048,
            published: [("Java", 29.7), (".NET", 12.2), ("Python", 12.7)]
        ),
        Scenario(
            partitions: 100,
            hosts: 20,
            bodySize: 2048,
            published: [("Java", 269.0), (".NET", 246.6), ("Python", 39.5)]
        ),
        Scenario(
            partitions: 2,
            hosts: 2,
            bodySize: 12,
            published: [("Java", 0.44), (".NET", 0.71), ("Python", 0.06)]
        ),
    ]

    static func measure(seconds: Int, share: Double?, progress: Progress) throws -> Series {
        var rows: [Row] = []
        var isCapped = share != nil
        for scenario in scenarios {
            rows += scenario.published.map { language, throughput in
                var row = Row(
                    point: scenario.label,
                    contender: language,
                    samples: [[Metric.megabytesPerSecond.rawValue: throughput]],
                    reference: nil
                )
                row.isQuoted = true
                return row
            }
            progress.show("article: \(scenario.label)")
            let fleet = try HostFleet(
                hosts: scenario.hosts,
                partitions: scenario.partitions,
                bodySize: scenario.bodySize,
                share: share
            )
            isCapped = isCapped && fleet.isCapped
            let sample = try fleet.measure(seconds: seconds)
            rows.append(Row(point: scenario.label, contender: "Swift", samples: [sample], reference: nil))
        }
        let limit =
            switch (share, isCapped) {
            case (nil, _): "Hosts are not held to a share of a processor."
            case (let share?, true): "Each host is held to \(share) of a processor."
            case (_?, false): "Control groups cannot be made here: the hosts are not held to a share of a processor."
            }
        return Series(
            name: share == nil ? "article" : "article-capped",
            title: "The table of 2018",
            note: """
                Full hosts, each a process of its own, with leases and checkpoints in blobs (the emulator's) and a checkpoint \
                every 10 s; all of them and the replaying source share this machine's processors, once each, \(seconds) s. \
                \(limit) The published figures are quoted: another decade's cluster, and the real service.
                """,
            axis: "",
            rows: rows
        )
    }
}
