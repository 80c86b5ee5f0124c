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

/// A full processor host beside the receivers that it is built on.
struct ProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "process",
        abstract: "Process events with a full host: leases, checkpoints, one processor for each partition."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.experiment]) }

    static let experiment = Experiment(
        name: "process",
        title: "Process with a full host",
        note: """
            Eight partitions over one connection. The host holds leases, gives batches to one processor for each partition and \
            writes a checkpoint every 10 s; the receivers are read without a host. The reference drains one link's bytes.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--end-with-input", "--partitions", "8", "--body-size", String($0.value)) },
        contenders: [
            .init(name: "raw drain", isReference: true) { point, source in
                .own(
                    "probe",
                    "drain",
                    "--port",
                    source?.port ?? "0",
                    "--events",
                    point.events(0.5),
                    "--body-size",
                    String(point.value)
                )
            },
            contender("receivers", "--direct"),
            contender("host"),
        ]
    )

    private static func contender(_ name: String, _ options: String...) -> Experiment.Contender {
        .init(name: name) { point, source in
            .own(
                [
                    "probe", "process", "--partitions", "8", "--port", source?.port ?? "0", "--events",
                    point.events(0.5),
                ] + options
            )
        }
    }
}
