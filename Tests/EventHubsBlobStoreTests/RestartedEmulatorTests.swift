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

import EventHubs
import EventHubsEmulator
import EventHubsProcessor
import Foundation
import Testing

@testable import EventHubsBlobStore

extension HostsOverEmulatorTests {
    /// An emulator whose directory is gone with it.
    private func withDirectory(_ body: @Sendable (EmulatorConfiguration) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 8)])
        configuration.dataDirectory = directory
        try await body(configuration)
    }

    @Test func checkpointsOfAnEmulatorThatWasStartedAgainStillHold() async throws {
        try await withDirectory { configuration in
            var configuration = configuration
            try await EventHubsEmulator.withEmulator(configuration) { emulator in
                // The store's names hold the address of the hub.
                configuration.amqpPort = emulator.amqpPort
                let setting = Setting(emulator: emulator)
                try await setting.send(100)
                let consumer = try setting.consumer()
                let host = try setting.host("a", consumer)
                let run = Task { try await host.run() }
                try await until("all events") { setting.record.distinct == 800 }
                host.shutDown()
                try await run.value
                await consumer.close()
            }
            try await EventHubsEmulator.withEmulator(configuration) { emulator in
                let setting = Setting(emulator: emulator)
                try await setting.send(50)
                let consumer = try setting.consumer()
                let host = try setting.host("b", consumer)
                let run = Task { try await host.run() }
                try await until("the new events") { setting.record.total == 400 }
                host.shutDown()
                try await run.value
                await consumer.close()
                for (_, numbers) in setting.record.all { #expect(numbers == Array(100..<150)) }
            }
        }
    }

    @Test func hostsGoOnWhenTheirEmulatorComesBack() async throws {
        try await withDirectory { configuration in
            var configuration = configuration
            let (setting, consumers, hosts, runs) = try await EventHubsEmulator.withEmulator(configuration) {
                emulator in
                let setting = Setting(emulator: emulator)
                let consumers = [try setting.consumer(), try setting.consumer()]
                let hosts = [try setting.host("a", consumers[0]), try setting.host("b", consumers[1])]
                let runs = hosts.map { host in Task { try await host.run() } }
                try await setting.send(100)
                try await until("the first events") { setting.record.distinct == 800 }
                configuration.amqpPort = emulator.amqpPort
                configuration.httpPort = emulator.httpPort
                return (setting, consumers, hosts, runs)
            }
            try await EventHubsEmulator.withEmulator(configuration) { emulator in
                try await Setting(emulator: emulator).send(100)
                try await until("the events after the restart") { setting.record.distinct == 1_600 }
                for host in hosts { host.shutDown() }
                for run in runs { try await run.value }
                for consumer in consumers { await consumer.close() }
            }
            for (_, numbers) in setting.record.all { #expect(Set(numbers) == Set(0..<200)) }
        }
    }
}
