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
internal import EventHubsEmulator

/// The emulator in a process of its own: `ready CONNECTION-STRING BLOB-CONNECTION-STRING`.
struct EmulatorProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "emulator")

    @Option var partitions = 1
    @Flag var endWithInput = false

    @concurrent
    func run() async throws {
        let configuration = EmulatorConfiguration(hubs: [.init(name: "replay", partitionCount: partitions)])
        if endWithInput { endWithStandardInput() }
        try await EventHubsEmulator(configuration).run { emulator in
            Output.line("ready \(emulator.connectionString(hub: "replay")) \(emulator.blobConnectionString)")
        }
    }
}
