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

/// Single measurements: what the series run, each in a process of its own. Each prints one JSON object on one line.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "One measurement, once: what the series are made of.",
        shouldDisplay: false,
        subcommands: [
            DrainProbe.self, PourProbe.self, CopyProbe.self, DecodeProbe.self, ProcessProbe.self, BatchProbe.self,
            BufferProbe.self, LatencyProbe.self, HostProbe.self, EmulatorProbe.self, GzipProbe.self, IdleProbe.self,
            StallProbe.self,
        ]
    )
}
