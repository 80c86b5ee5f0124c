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

/// What it holds on to: resident size where it could grow.
struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "The resident size with ten thousand idle links, and behind a processor that does not return."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.idle, Self.stalled, Self.stalledLarge]) }

    static let idle = Experiment(
        name: "memory-idle",
        title: "Memory of idle links",
        note:
            "Receiver links over one connection, attached and without credit. The size is the largest of the whole process.",
        axis: "links",
        points: [1, 10_000].map { .init(label: String($0), value: $0) },
        source: { _ in .own("replay", "--end-with-input") },
        contenders: [
            .init(name: "receivers") { point, source in
                .own("probe", "idle", "--port", source?.port ?? "0", "--links", String(point.value))
            }
        ]
    )

    static let stalled = Experiment(
        name: "memory-stalled",
        title: "Memory behind a processor that does not return",
        note: """
            A full host whose source sends as fast as it may, events of 60 kB; every processor keeps its first batch for ever. \
            The receive memory of a process is bounded by 256 MiB, whatever the prefetch of its partitions adds up to.
            """,
        axis: "partitions",
        points: [1, 32].map { .init(label: String($0), value: $0) },
        source: { .own("replay", "--end-with-input", "--body-size", "60000", "--partitions", String($0.value)) },
        contenders: [
            .init(name: "host") { point, source in
                .own("probe", "stall", "--port", source?.port ?? "0", "--partitions", String(point.value))
            }
        ]
    )

    static let stalledLarge = Experiment(
        name: "memory-stalled-large",
        title: "Memory behind a processor that does not return, events of 1 MB",
        note: """
            As above, from the emulator, whose partitions hold 400 events of 1 MB together; the process has sent them itself, one \
            after the other, before its host begins.
            """,
        axis: "partitions",
        points: [1, 32].map { .init(label: String($0), value: $0) },
        source: { .own("probe", "emulator", "--end-with-input", "--partitions", String($0.value)) },
        contenders: [
            .init(name: "host") { point, source in
                .own(
                    "probe",
                    "stall",
                    "--connection-string",
                    source?.words.first ?? "",
                    "--partitions",
                    String(point.value)
                )
            }
        ]
    )
}
