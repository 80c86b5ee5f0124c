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

/// Whether more partitions, or more events, make an event dearer.
struct ScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Processor time per event from 1 to 1000 partitions, and from 100 thousand events up."
    )

    @Flag(help: "Go up to a hundred million events.")
    var long = false

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.partitions, Self.growth(long: long)]) }

    static let partitions = Experiment(
        name: "scale",
        title: "More partitions in one process",
        note: """
            Events of 100 B over one connection, the partitions sent in turn; measured once every partition has begun. The \
            reference are the bare receivers, the ratio is what the host adds.
            """,
        axis: "partitions",
        points: [1, 8, 32, 256, 1000].map { .init(label: String($0), value: $0) },
        source: { .own("replay", "--end-with-input", "--body-size", "100", "--partitions", String($0.value)) },
        contenders: [contender("receivers", isReference: true, "--direct"), contender("host")]
    )

    private static func contender(
        _ name: String,
        isReference: Bool = false,
        _ options: String...
    ) -> Experiment.Contender {
        .init(name: name, isReference: isReference) { point, source in
            .own(
                [
                    "probe", "process", "--port", source?.port ?? "0", "--events", "2000000", "--partitions",
                    String(point.value),
                ] + options
            )
        }
    }

    static func growth(long: Bool) -> Experiment {
        Experiment(
            name: "growth",
            title: "More events",
            note: "One connection, one partition, events of 100 B. The reference reads the same bytes off a socket.",
            axis: "events",
            points: [100_000, 1_000_000, 10_000_000, 100_000_000].prefix(long ? 4 : 3).map {
                .init(label: Figures.short(Double($0)), value: $0)
            },
            source: { _ in .own("replay", "--end-with-input", "--body-size", "100") },
            contenders: [
                .init(name: "raw drain", isReference: true) { point, source in
                    .own(
                        "probe",
                        "drain",
                        "--port",
                        source?.port ?? "0",
                        "--events",
                        String(point.value),
                        "--body-size",
                        "100"
                    )
                },
                .init(name: "receive") { point, source in
                    .own(
                        "receive",
                        "--json",
                        "--events",
                        String(point.value),
                        "--url",
                        "amqp://127.0.0.1:\(source?.port ?? "0")/replay/Partitions/0"
                    )
                },
            ]
        )
    }
}
