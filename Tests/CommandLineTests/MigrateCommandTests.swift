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

import ArgumentParser
import EventHubsBlobStore
import EventHubsProcessor
import Testing

@testable import eventhubs

@Suite struct MigrateCommandTests {
    @Test func layoutsBringTheirContainers() throws {
        let command = try MigrateCommand.parse(["--layout", "python", "--container", "leases"])
        #expect(command.layout.layout == .python)
        #expect(command.layout.layout.defaultContainer == "eph-leases")
        #expect(command.group.consumerGroup == "$Default")
        #expect(!command.force && !command.dryRun && !command.createContainer)
    }

    @Test(arguments: [
        ["--layout", "dotnet", "--container", "new"],
        ["--layout", "cobol", "--from-container", "old", "--container", "new"],
        ["--layout", "python", "--container", "new", "--prefix", "x/"],
        ["--layout", "python", "--container", "new", "--namespace", "ns.servicebus.windows.net"],
        ["--layout", "python"],
        ["--container", "new"],
    ])
    func refusesWhatCannotBe(arguments: [String]) {
        #expect(throws: (any Error).self) { try MigrateCommand.parse(arguments) }
    }
}
