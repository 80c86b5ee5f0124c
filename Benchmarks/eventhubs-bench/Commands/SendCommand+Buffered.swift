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

extension SendCommand {
    /// The buffered producer beside batches filled by hand.
    static let buffered = Experiment(
        name: "send-buffered",
        title: "Send through the buffered producer",
        note: """
            Events enqueued one by one by four tasks, each to a partition of its own, in batches of 256 KiB. The reference \
            fills four batches of that size by hand, for as many partitions.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
        contenders: [
            probe("batches", "--partitions", "4", isReference: true),
            probe("buffer"),
        ]
    )

    private static func probe(
        _ name: String,
        _ options: String...,
        isReference: Bool = false
    ) -> Experiment.Contender {
        .init(name: name, isReference: isReference) { point, source in
            .own(
                [
                    "probe",
                    name,
                    "--port",
                    source?.port ?? "0",
                    "--events",
                    point.events(0.3),
                    "--body-size",
                    String(point.value),
                ] + options
            )
        }
    }
}
