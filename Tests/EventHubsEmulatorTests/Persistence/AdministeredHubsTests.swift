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
import Foundation
import Testing

@testable import EventHubsEmulator

@Suite("Administered hubs in a data directory", .timeLimit(.minutes(1)))
struct AdministeredHubsTests {
    private let directory: TemporaryDirectory
    private let configuration: EmulatorConfiguration

    init() throws {
        directory = try TemporaryDirectory()
        var configuration = EmulatorConfiguration(hubs: [.init(name: "fixed", partitionCount: 2)])
        configuration.dataDirectory = "\(directory.path)/data"
        self.configuration = configuration
    }

    private func withEmulator(
        _ body: (EventHubsEmulator, NamespaceAdministrator) async throws -> Void
    ) async throws {
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            try await body(emulator, try #require(emulator.contents?.administrator))
        }
    }

    private func send(_ text: String, to hub: String, _ partition: PartitionID, _ emulator: EventHubsEmulator)
        async throws
    {
        try await EventHubProducer.withProducer(connectionString: emulator.connectionString(hub: hub)) { producer in
            try await producer.send([EventData(text)], to: .partition(partition))
        }
    }

    @Test("hubs and groups that were made are there again, with their events and all that was said of them")
    func made() async throws {
        var made: HubDefinition?
        try await withEmulator { emulator, administrator in
            _ = try await administrator.createHub(
                "Made.1",
                .init(partitionCount: 3, retentionDays: 2, userMetadata: "words")
            )
            try await administrator.createGroup("readers", of: "made.1", userMetadata: "theirs")
            try await administrator.updateGroup("readers", of: "made.1", userMetadata: "ours")
            try await send("kept", to: "made.1", "2", emulator)
            made = emulator.broker?.namespace.hub("made.1")?.definition
        }
        try await withEmulator { emulator, _ in
            #expect(emulator.hubNames == ["Made.1", "fixed"])
            #expect(emulator.broker?.namespace.hub("made.1")?.definition == made)
            #expect(made?[group: "READERS"]?.userMetadata == "ours")
            #expect(emulator.events(ofPartition: "2", in: "made.1").count == 1)
        }
    }

    @Test("changes of a configured hub outlive the emulator; the configuration adds to them and takes nothing away")
    func changed() async throws {
        try await withEmulator { emulator, administrator in
            _ = try await administrator.updateHub("fixed", .init(partitionCount: 4, status: .sendDisabled))
            _ = try await administrator.updateHub("fixed", .init(status: .receiveDisabled))
            try await send("kept", to: "fixed", "3", emulator)
            _ = try await administrator.updateHub("fixed", .init(status: .sendDisabled))
        }
        try await withEmulator { emulator, administrator in
            #expect(emulator.partitions(of: "fixed").map(\.eventCount) == [0, 0, 0, 1])
            await #expect(throws: EventHubsError.self) { try await send("no", to: "fixed", "3", emulator) }
            try await administrator.createGroup("late", of: "fixed", userMetadata: nil)
        }
        var wider = configuration
        wider.hubs = [.init(name: "FIXED", partitionCount: 6, consumerGroups: ["more"])]
        try await EventHubsEmulator.withEmulator(wider) { emulator in
            #expect(emulator.partitions(of: "fixed").count == 6)
            #expect(emulator.broker?.namespace.hub("fixed")?.consumerGroups == ["$Default", "late", "more"])
        }
    }

    @Test("a retention that is said to be as many days as now stays what it is")
    func retention() async throws {
        var brief = configuration
        brief.retentionTime = .seconds(10)
        try await EventHubsEmulator.withEmulator(brief) { emulator in
            let administrator = try #require(emulator.contents?.administrator)
            let hub = try await administrator.updateHub("fixed", .init(retentionDays: 1, userMetadata: "words"))
            #expect(hub.definition.retentionDays == nil && hub.definition.userMetadata == "words")
            #expect(administrator.retentionDays(of: hub.definition) == 1)
            let longer = try await administrator.updateHub("fixed", .init(retentionDays: 2))
            #expect(longer.definition.retentionDays == 2)
            let again = try await administrator.updateHub("fixed", .init())
            #expect(again.definition.retentionDays == nil)
            await #expect(throws: AtomError.self) {
                _ = try await administrator.updateHub("fixed", .init(retentionDays: 91))
            }
        }
    }

    @Test("a hub that was removed is gone with its files, and comes empty when it is made again")
    func removed() async throws {
        try await withEmulator { emulator, administrator in
            for name in ["made", "fixed"] {
                if name == "made" { _ = try await administrator.createHub(name, .init(partitionCount: 1)) }
                try await send("gone", to: name, "0", emulator)
                try await administrator.removeHub(name)
            }
            #expect(try directory.names("data/hubs").isEmpty)
            _ = try await administrator.createHub("made", .init(partitionCount: 2))
            #expect(emulator.partitions(of: "made").map(\.eventCount) == [0, 0])
            try await send("new", to: "made", "0", emulator)
        }
        try await withEmulator { emulator, _ in
            #expect(emulator.partitions(of: "made").map(\.eventCount) == [1, 0])
            #expect(emulator.partitions(of: "fixed").map(\.eventCount) == [0, 0], "the configuration names it")
        }
    }

    @Test("what a crash leaves of a removal or a change is made up for")
    func crashes() async throws {
        try await withEmulator { emulator, administrator in
            _ = try await administrator.createHub("made", .init(partitionCount: 1))
            try await send("kept", to: "made", "0", emulator)
        }
        let hubs = "\(directory.path)/data/hubs"
        // Renamed, and not yet removed.
        try FileManager.default.copyItem(atPath: "\(hubs)/made", toPath: "\(hubs)/other.removed")
        // Written, and not yet in the place of the one before.
        try directory.write(Array("{".utf8), to: "data/hubs/made/definition.new")
        try await withEmulator { emulator, _ in
            #expect(emulator.hubNames == ["fixed", "made"])
            #expect(emulator.partitions(of: "made").map(\.eventCount) == [1])
            let left = try directory.names("data/hubs")
            #expect(left == ["fixed", "made"])
        }
    }

    @Test("a definition that no emulator wrote is said to be damaged", arguments: ["", "{}", "nonsense"])
    func damaged(text: String) async throws {
        try await withEmulator { _, administrator in
            _ = try await administrator.createHub("made", .init(partitionCount: 1))
        }
        try directory.write(Array(text.utf8), to: "data/hubs/made/definition")
        let error = await #expect(throws: EmulatorError.self) { try await withEmulator { _, _ in } }
        #expect(error?.code == .dataDirectoryDamaged)
        #expect(error?.message.contains("hubs/made/definition") == true)
    }

    @Test("what cannot be kept is refused, and not done")
    func notKept() async throws {
        try await withEmulator { emulator, administrator in
            let hubs = "\(directory.path)/data/hubs"
            // A file where the directory of the hub would be.
            try directory.write([], to: "data/hubs/made")
            let error = await #expect(throws: AtomError.self) {
                _ = try await administrator.createHub("made", .init(partitionCount: 1))
            }
            #expect(error?.status == 500)
            #expect(error?.detail.contains(hubs) == true)
            #expect(emulator.hubNames == ["fixed"])
        }
    }
}
