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
import EventHubsEmulator
import Testing

@testable import eventhubs

@Suite("eventhubs emulator")
struct EmulatorCommandTests {
    @Test("a tier and what else there is to be strict about")
    func strictness() throws {
        let command = try EmulatorCommand.parse([
            "--tier", "basic", "--throughput-units", "2", "--geo-replicated",
        ])
        let configuration = try command.configuration()
        #expect(configuration.tier == .basic)
        #expect(configuration.maximumMessageSize == 262_144)
        #expect(configuration.throughputUnits == 2)
        #expect(configuration.isGeoReplicated)
        #expect(throws: (any Error).self) { try EmulatorCommand.parse(["--tier", "gold"]) }
    }

    @Test("clocks of the service that run faster")
    func clocks() throws {
        let plain = try EmulatorCommand.parse([]).configuration()
        #expect(plain.idleLinkTimeout == .seconds(1_800))
        #expect(plain.idleTimeout == .seconds(240))
        #expect(plain.linklessTimeout == .seconds(300))
        let fast = try EmulatorCommand.parse([
            "--idle-link-timeout", "5s", "--idle-timeout", "2s", "--linkless-timeout", "500ms",
        ]).configuration()
        #expect(fast.idleLinkTimeout == .seconds(5))
        #expect(fast.idleTimeout == .seconds(2))
        #expect(fast.linklessTimeout == .milliseconds(500))
    }

    @Test("fault plans add up, and one that cannot be read is pointed at")
    func faults() throws {
        let command = try EmulatorCommand.parse([
            "--fault", "send: release; seed=3", "--fault", "blob: answer 503",
        ])
        #expect(
            try command.configuration().faults.description == "seed=3; send: release; blob: answer 503"
        )
        let error = #expect(throws: (any Error).self) { try EmulatorCommand.parse(["--fault", "send: explode"]) }
        let message = error.map { EmulatorCommand.message(for: $0) } ?? ""
        #expect(message.contains("line 1, character 7: there is no action 'explode'"))
        #expect(message.contains("send: explode\n      ^"))
    }
}
