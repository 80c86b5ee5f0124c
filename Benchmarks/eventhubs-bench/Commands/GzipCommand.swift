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

/// What compressing bodies costs and gains.
struct GzipCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gzip",
        abstract: "Put events of JSON into batches and take their content out again, with gzip and without."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.experiment]) }

    static let experiment = Experiment(
        name: "gzip",
        title: "Bodies of 2 KB of JSON, with gzip and without",
        note: """
            Readings of thirteen sensors, no two alike. Writing puts events into batches of 256 KiB, reading takes the content out of \
            received events; nothing is sent. Bytes are those of an encoded event.
            """,
        axis: "",
        points: [.init(label: "write", value: 0), .init(label: "read", value: 1)],
        contenders: [contender("plain", isReference: true), contender("gzip", "--compress")]
    )

    private static func contender(
        _ name: String,
        isReference: Bool = false,
        _ options: String...
    ) -> Experiment.Contender {
        .init(name: name, isReference: isReference) { point, _ in
            .own(["probe", "gzip", "--events", "20000"] + (point.value == 1 ? ["--read"] : []) + options)
        }
    }
}
