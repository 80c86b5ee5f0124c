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

/// Decoding alone, from memory to events.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode events from memory: the engine's intake and the walk over the batches, nothing else."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.experiment]) }

    static let experiment = Experiment(
        name: "decode",
        title: "Decode from memory",
        note: """
            Frames are copied into the receive buffer, as a read would, decoded, and every event's sequence number and body are \
            touched. The reference copies only. Unknown layouts: every frame differs from the ones before it in a constant \
            field, so that each is decoded field by field.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        contenders: [
            .init(name: "copy", isReference: true) { point, _ in
                .own("probe", "copy", "--events", point.events(0.5), "--body-size", String(point.value))
            },
            .init(name: "decode") { point, _ in
                .own("probe", "decode", "--events", point.events(0.5), "--body-size", String(point.value))
            },
            .init(name: "unknown layouts") { point, _ in
                .own(
                    "probe",
                    "decode",
                    "--unknown-layouts",
                    "--events",
                    point.events(0.2),
                    "--body-size",
                    String(point.value)
                )
            },
        ]
    )
}
