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

/// The benchmark harness: `swift run -c release eventhubs-bench`.
@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eventhubs-bench",
        abstract: "Measures this package: processor time and rates per event.",
        subcommands: [
            ReceiveCommand.self, ProcessCommand.self, SendCommand.self, DecodeCommand.self, ReplayCommand.self,
        ]
    )
}
