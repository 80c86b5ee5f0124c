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
import Testing

@testable import EventHubsAdministration

/// The whole way over HTTP, against the emulator, which verifies signatures and knows what an event hub is.
@Suite(.timeLimit(.minutes(5))) struct AdministrationOverHTTPTests {
    private func withNamespace(
        _ configuration: EmulatorConfiguration = EmulatorConfiguration(hubs: [
            .init(name: "First", partitionCount: 3, consumerGroups: ["own"])
        ]),
        _ body: @Sendable (EventHubsAdministrationClient, EventHubsEmulator) async throws -> Void
    ) async throws {
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let client = try EventHubsAdministrationClient(
                connectionString: emulator.connectionString(),
                configuration: .init(endpoint: "http://127.0.0.1:\(emulator.httpPort)", retryPolicy: .none)
            )
            try await body(client, emulator)
        }
    }

    private func code(_ body: () async throws(EventHubsError) -> Void) async -> EventHubsError.Code? {
        do throws(EventHubsError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func hubsComeAndGo() async throws {
        try await withNamespace { client, emulator in
            let made = try await client.createEventHub(
                "second",
                EventHubSettings(partitionCount: 2, messageRetentionInDays: 3, userMetadata: "a < b")
            )
            #expect(made.partitionIDs == ["0", "1"])
            #expect(made.messageRetentionInDays == 3 && made.userMetadata == "a < b" && made.createdAt != nil)
            #expect(try await client.eventHub("SECOND") == made)
            #expect(try await client.eventHubs().map(\.name) == ["First", "second"])
            #expect(try await client.eventHub("First")?.partitionIDs.count == 3)
            let again = await code { () async throws(EventHubsError) in _ = try await client.createEventHub("Second") }
            #expect(again == .alreadyExists)
            try await client.deleteEventHub("second")
            #expect(try await client.eventHub("second") == nil)
            try await client.deleteEventHub("second")
            #expect(try await client.createEventHub("third").partitionIDs.count == 16, "the service's default")
        }
    }

    @Test func newHubTakesEventsUntilItIsDeleted() async throws {
        try await withNamespace { client, emulator in
            try await client.createEventHub("second", EventHubSettings(partitionCount: 1))
            let configuration = EventHubsConfiguration(retryPolicy: .none)
            let producer = try EventHubProducer(
                connectionString: emulator.connectionString(hub: "second"),
                configuration: configuration
            )
            let consumer = try EventHubConsumer(
                connectionString: emulator.connectionString(hub: "second"),
                configuration: configuration
            )
            try await producer.send([EventData("an event")])
            #expect(emulator.partitions(of: "second").map(\.eventCount) == [1])
            let receiver = try await consumer.openPartition("0", from: .latest)
            try await client.deleteEventHub("second")
            #expect(await code { () async throws(EventHubsError) in _ = try await receiver.nextBatch() } == .notFound)
            let refused = await code { () async throws(EventHubsError) in
                try await producer.send([EventData("another")])
            }
            #expect(refused == .notFound)
            try await emulator.until { emulator in
                await emulator.connections().flatMap(\.links).allSatisfy { !$0.entity.hasPrefix("second") }
            }
            await producer.close()
            await consumer.close()
        }
    }

    @Test func groupsComeAndGo() async throws {
        try await withNamespace { client, emulator in
            try await client.createConsumerGroup("readers", of: "First", userMetadata: "ours")
            #expect(try await client.consumerGroup("Readers", of: "First")?.userMetadata == "ours")
            #expect(try await client.consumerGroups(of: "First").map(\.name) == ["$Default", "own", "readers"])
            let consumer = try EventHubConsumer(
                connectionString: emulator.connectionString(hub: "First"),
                consumerGroup: "readers",
                configuration: EventHubsConfiguration(retryPolicy: .none)
            )
            let receiver = try await consumer.openPartition("0", from: .latest)
            try await client.deleteConsumerGroup("readers", of: "First")
            #expect(await code { () async throws(EventHubsError) in _ = try await receiver.nextBatch() } == .notFound)
            await consumer.close()
            #expect(try await client.consumerGroup("readers", of: "First") == nil)
            let missing = await code { () async throws(EventHubsError) in
                _ = try await client.consumerGroups(of: "none")
            }
            #expect(missing == .notFound)
            let fixed = await code { () async throws(EventHubsError) in
                try await client.deleteConsumerGroup("$Default", of: "First")
            }
            #expect(fixed == .invalidArgument)
        }
    }

    @Test func refusals() async throws {
        try await withNamespace { client, emulator in
            let name = await code { () async throws(EventHubsError) in
                _ = try await client.createEventHub("a", EventHubSettings(partitionCount: 0))
            }
            #expect(name == .invalidArgument)
            let fewer = await code { () async throws(EventHubsError) in
                _ = try await client.updateEventHub("First") { $0.partitionCount = 2 }
            }
            #expect(fewer == .invalidArgument)
            let missing = await code { () async throws(EventHubsError) in
                _ = try await client.updateEventHub("none") { _ in }
            }
            #expect(missing == .notFound)
            let stranger = EventHubsAdministrationClient(
                fullyQualifiedNamespace: "127.0.0.1",
                credential: SharedAccessKeyCredential(keyName: "RootManageSharedAccessKey", key: "wrong"),
                configuration: .init(endpoint: "http://127.0.0.1:\(emulator.httpPort)", retryPolicy: .none)
            )
            let wrongKey = await code { () async throws(EventHubsError) in _ = try await stranger.eventHubs() }
            #expect(wrongKey == .unauthorized)
        }
    }

    @Test func listensAreNotEnough() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "First")])
        configuration.policies.append(SharedAccessPolicy(name: "reader", key: "k", rights: .listen))
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let client = EventHubsAdministrationClient(
                fullyQualifiedNamespace: "127.0.0.1",
                credential: SharedAccessKeyCredential(keyName: "reader", key: "k"),
                configuration: .init(endpoint: "http://127.0.0.1:\(emulator.httpPort)", retryPolicy: .none)
            )
            let refused = await code { () async throws(EventHubsError) in _ = try await client.eventHubs() }
            #expect(refused == .unauthorized)
        }
    }

    @Test func hubsChange() async throws {
        try await withNamespace { client, emulator in
            let before = try await client.createEventHub("second", EventHubSettings(partitionCount: 2))
            #expect(before.messageRetentionInDays == 7 && before.status == .active)
            let after = try await client.updateEventHub("second") {
                $0.partitionCount = 5
                $0.messageRetentionInDays = 2
                $0.userMetadata = "ours"
            }
            #expect(after.partitionIDs == ["0", "1", "2", "3", "4"])
            #expect(after.messageRetentionInDays == 2 && after.userMetadata == "ours")
            #expect(after.createdAt == before.createdAt)
            #expect(try await client.eventHub("second") == after)
            let producer = try EventHubProducer(connectionString: emulator.connectionString(hub: "second"))
            try await producer.send([EventData("an event")], to: .partition("4"))
            #expect(emulator.partitions(of: "second").map(\.eventCount) == [0, 0, 0, 0, 1])
            await producer.close()
        }
    }

    @Test(arguments: [
        (EventHubStatus.disabled, false, false), (.sendDisabled, false, true), (.receiveDisabled, true, false),
    ])
    func statusDecidesWhoIsLetIn(status: EventHubStatus, takes: Bool, gives: Bool) async throws {
        try await withNamespace { client, emulator in
            let configuration = EventHubsConfiguration(retryPolicy: .none)
            let string = emulator.connectionString(hub: "First")
            let producer = try EventHubProducer(connectionString: string, configuration: configuration)
            let consumer = try EventHubConsumer(connectionString: string, configuration: configuration)
            try await producer.send([EventData("before")], to: .partition("0"))
            let receiver = try await consumer.openPartition("0", from: .latest)
            #expect(try await client.updateEventHub("First") { $0.status = status }.status == status)
            // Links that were there, and new ones.
            let sent = await code { () async throws(EventHubsError) in
                try await producer.send([EventData("after")], to: .partition("0"))
            }
            #expect(sent == (takes ? nil : .entityDisabled))
            if !gives {
                let received = await code { () async throws(EventHubsError) in _ = try await receiver.nextBatch() }
                #expect(received == .entityDisabled)
            }
            let opened = await code { () async throws(EventHubsError) in
                _ = try await consumer.openPartition("0", from: .earliest)
            }
            #expect(opened == (gives ? nil : .entityDisabled))
            try await client.updateEventHub("First") { $0.status = .active }
            // The end of the link that was there may come to the producer only now.
            try await emulator.until { _ in
                await code { () async throws(EventHubsError) in
                    try await producer.send([EventData("again")], to: .partition("0"))
                } == nil
            }
            #expect(emulator.partitions(of: "First")[0].eventCount == (takes ? 3 : 2))
            await producer.close()
            await consumer.close()
        }
    }

    @Test func quotasOfATierHold() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "First", partitionCount: 3)])
        configuration.apply(.standard)
        try await withNamespace(configuration) { client, _ in
            let refusal = { (settings: EventHubSettings) async in
                await code { () async throws(EventHubsError) in _ = try await client.createEventHub("a", settings) }
            }
            #expect(await refusal(EventHubSettings(partitionCount: 33)) == .invalidArgument)
            #expect(await refusal(EventHubSettings(messageRetentionInDays: 8)) == .invalidArgument)
            let growth = await code { () async throws(EventHubsError) in
                _ = try await client.updateEventHub("First") { $0.partitionCount = 4 }
            }
            #expect(growth == .invalidArgument)
            for number in 2...10 {
                try await client.createEventHub("hub\(number)", EventHubSettings(partitionCount: 1))
            }
            #expect(await refusal(EventHubSettings(partitionCount: 1)) == .quotaExceeded)
            for number in 2...20 { try await client.createConsumerGroup("group\(number)", of: "First") }
            let group = await code { () async throws(EventHubsError) in
                _ = try await client.createConsumerGroup("group21", of: "First")
            }
            #expect(group == .quotaExceeded)
        }
    }

    @Test func longListsComeInPages() async throws {
        try await withNamespace { client, _ in
            for number in 100..<205 {
                try await client.createConsumerGroup("group\(number)", of: "First")
            }
            let names = try await client.consumerGroups(of: "First").map(\.name)
            #expect(names == ["$Default"] + (100..<205).map { "group\($0)" } + ["own"])
        }
    }

    @Test func cancellationIsSaidToBeOne() async throws {
        try await withNamespace { client, _ in
            let task = Task { try await client.eventHubs() }
            task.cancel()
            let error = await #expect(throws: EventHubsError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
    }

    /// An element out of its order is not seen, as by the service.
    @Test func orderOfElementsMatters() async throws {
        try await withNamespace { client, _ in
            let entry = EventHubsAdministrationClientTests.creation.replacing(
                "<MessageRetentionInDays>7</MessageRetentionInDays><PartitionCount>4</PartitionCount>",
                with: "<PartitionCount>4</PartitionCount><MessageRetentionInDays>7</MessageRetentionInDays>"
            )
            _ = try await client.requests.create(["second"], entry, nil)
            let hub = try #require(try await client.eventHub("second"))
            #expect(hub.partitionIDs.count == 16)
            #expect(hub.messageRetentionInDays == 7)
        }
    }
}
