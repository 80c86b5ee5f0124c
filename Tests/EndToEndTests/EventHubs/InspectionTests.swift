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

@Suite("Looking into the emulator", .timeLimit(.minutes(1)))
struct InspectionTests {
    @Test("events with their contents, by partition")
    func events() async throws {
        try await withHub { emulator in
            let producer = try emulator.makeProducer()
            var event = EventData("one")
            event.properties[string: "kind"] = .string("first")
            try await producer.send([event, EventData("two")], to: .key("device-1"))
            await producer.close()

            let partitions = emulator.partitions(of: "hub1")
            let filled = try #require(partitions.first { $0.eventCount > 0 })
            #expect(partitions.map(\.eventCount).reduce(0, +) == 2)
            let events = emulator.events(ofPartition: filled.id, in: "HUB1")
            #expect(events.map(\.text) == ["one", "two"])
            #expect(events.map(\.sequenceNumber) == [0, 1])
            #expect(events.map(\.partitionKey) == ["device-1", "device-1"])
            #expect(events[0].message.applicationProperties?[string: "kind"] == .string("first"))
            #expect(events[0].offset == "0" && events[1].offset != "0")
            #expect(emulator.events(ofPartition: filled.id, in: "hub1", from: 1).map(\.text) == ["two"])
            #expect(emulator.events(ofPartition: filled.id, in: "hub1", limit: 1).map(\.text) == ["one"])
            #expect(emulator.events(ofPartition: "99", in: "hub1").isEmpty)
            #expect(emulator.events(ofPartition: "0", in: "nowhere").isEmpty)
        }
    }

    @Test("receivers with their owner levels, connections and what is attached on them")
    func connections() async throws {
        try await withHub { emulator in
            #expect(await emulator.connections().isEmpty)
            let producer = try emulator.makeProducer()
            try await producer.send([EventData("x")], to: .partition("1"))
            let consumer = try emulator.makeConsumer()
            var options = PartitionOptions()
            options.ownerLevel = 7
            let receiver = try await consumer.openPartition("0", from: .latest, options: options)

            let receivers = emulator.partitions(of: "hub1").first?.receivers
            #expect(receivers?.map(\.ownerLevel) == [7])
            #expect(receivers?.map(\.consumerGroup) == ["$Default"])
            let connections = await emulator.connections()
            #expect(connections.count == emulator.connectionCount)
            let links = connections.flatMap(\.links)
            #expect(links.contains { $0.role == .sender && $0.entity == "hub1/Partitions/1" })
            #expect(
                links.contains { $0.role == .receiver && $0.entity == "hub1/ConsumerGroups/$Default/Partitions/0" }
            )
            #expect(links.contains { $0.role == .sender && $0.entity == "$cbs" })
            #expect(connections.allSatisfy { $0.properties["product"]?.isEmpty == false && !$0.containerID.isEmpty })

            await receiver.close()
            try await emulator.until { $0.partitions(of: "hub1").allSatisfy(\.receivers.isEmpty) }
            await consumer.close()
            await producer.close()
            try await emulator.until { $0.connectionCount == 0 }
        }
    }

    @Test("what is waited for and does not come true is an error")
    func timeout() async throws {
        try await withHub { emulator in
            let error = await #expect(throws: EmulatorError.self) {
                try await emulator.until(within: .milliseconds(20)) { $0.connectionCount == 1 }
            }
            #expect(error?.code == .timedOut)
        }
    }
}
