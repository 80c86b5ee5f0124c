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

@Suite("Producer and consumer against the emulator", .timeLimit(.minutes(1)))
struct ProducerConsumerTests {
    @Test("What is sent arrives, in order, with everything that went with it")
    func roundTrip() async throws {
        try await withHub { emulator in
            let producer = try emulator.makeProducer()
            var batch = try await producer.makeBatch(.partition("1"))
            #expect(batch.maximumSize == 1_048_576)
            for number in 0..<1_000 {
                var event = EventData("event \(number)", properties: ["number": .int(Int32(number))])
                event.messageID = .string("id-\(number)")
                event.contentType = "text/plain"
                let added = batch.tryAdd(event)
                #expect(added)
            }
            try await producer.send(batch)

            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("1", from: .earliest)
            let events = try await receiver.take(1_000)
            #expect(events.map(\.sequenceNumber) == Array(0..<1_000))
            #expect(events.map(\.text) == (0..<1_000).map { "event \($0)" })
            let last = try #require(events.last)
            #expect(try last.properties == ["number": .int(999)] as AMQPMap)
            let message = try last.decoded()
            #expect(message.properties?.messageID == .string("id-999"))
            #expect(message.properties?.contentType == "text/plain")
            #expect(last.enqueuedTime.millisecondsSinceEpoch > 1_600_000_000_000)
            #expect(try await receiver.nextBatch(maximumWait: .milliseconds(50))?.isEmpty == true)
            await receiver.close()
            #expect(try await receiver.nextBatch() == nil)
            await consumer.close()
            await producer.close()
        }
    }

    @Test("Events of one key meet in one partition, in order, and know their key")
    func partitionKeys() async throws {
        try await withHub(partitions: 4) { emulator in
            let producer = try emulator.makeProducer()
            for round in 0..<5 {
                for key in ["a", "b", "vehicle-7"] {
                    try await producer.send([EventData("\(key) \(round)")], to: .key(key))
                }
            }
            let consumer = try emulator.makeConsumer()
            var byKey: [String: [String]] = [:]
            var partitionsOfKey: [String: Set<PartitionID>] = [:]
            for id in try await consumer.properties().partitionIDs {
                let receiver = try await consumer.openPartition(id, from: .earliest)
                for event in try await receiver.take(15, patience: .seconds(2)) {
                    let key = try #require(try event.partitionKey)
                    byKey[key, default: []].append(event.text)
                    partitionsOfKey[key, default: []].insert(id)
                }
                await receiver.close()
            }
            for key in ["a", "b", "vehicle-7"] {
                #expect(byKey[key] == (0..<5).map { "\(key) \($0)" })
                #expect(partitionsOfKey[key]?.count == 1)
            }
            await consumer.close()
            await producer.close()
        }
    }

    @Test("A list that is too long for one batch is sent in several")
    func longLists() async throws {
        try await withHub { emulator in
            let producer = try emulator.makeProducer()
            let events = (0..<40).map { EventData([UInt8](repeating: UInt8($0), count: 100_000)) }
            try await producer.send(events, to: .partition("0"))
            let consumer = try emulator.makeConsumer()
            let received = try await consumer.withPartition("0", from: .earliest) { events in
                try await events.receiver.take(40).map(\.copiedBody)
            }
            #expect(received == events.map(\.body))
            await #expect(throws: EventHubsError(.messageTooLarge, "")) {
                try await producer.send([EventData([UInt8](repeating: 0, count: 1_048_577))])
            }
            await consumer.close()
            await producer.close()
        }
    }

    @Test("Without a partition the service spreads; many tasks may send at once")
    func concurrentSends() async throws {
        try await withHub { emulator in
            let producer = try emulator.makeProducer()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { try await producer.send([EventData("\(number)")]) } }
                try await group.waitForAll()
            }
            let partitions = emulator.partitions(of: "hub1")
            #expect(partitions.map(\.eventCount).reduce(0, +) == 50)
            #expect(partitions.allSatisfy { $0.eventCount > 0 })
            #expect(emulator.connectionCount == 1)
            await producer.close()
        }
    }

    @Test("Properties of hub and partitions")
    func properties() async throws {
        try await withHub { emulator in
            try await emulator.fill("1", count: 3)
            let consumer = try emulator.makeConsumer()
            let hub = try await consumer.properties()
            #expect(hub.name == "hub1")
            #expect(hub.partitionIDs == ["0", "1"])
            let unused = try await consumer.properties(of: "0")
            #expect(unused.isEmpty)
            #expect(unused.lastEnqueuedSequenceNumber == -1)
            let used = try await consumer.properties(of: "1")
            #expect(!used.isEmpty)
            #expect(used.beginningSequenceNumber == 0)
            #expect(used.lastEnqueuedSequenceNumber == 2)
            #expect(used.lastEnqueuedTime != nil)
            let producer = try emulator.makeProducer()
            #expect(try await producer.properties() == hub)
            #expect(try await producer.properties(of: "1") == used)
            await consumer.close()
            await producer.close()
        }
    }

    @Test("The last enqueued event comes along when it is tracked")
    func lastEnqueued() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 10)
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition(
                "0",
                from: .earliest,
                options: PartitionOptions(tracksLastEnqueuedEvent: true)
            )
            #expect(receiver.lastEnqueued == nil)
            #expect(try await receiver.take(1).first?.sequenceNumber == 0)
            #expect(receiver.lastEnqueued?.sequenceNumber == 9)
            await consumer.close()
            #expect(try await receiver.nextBatch() == nil)
        }
    }

    @Test("Cancelling ends every wait")
    func cancellation() async throws {
        try await withHub { emulator in
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .latest)
            let waiting = Task { try await receiver.nextBatch() }
            try await Task.sleep(for: .milliseconds(50))
            waiting.cancel()
            await #expect(throws: EventHubsError.cancelled) { try await waiting.value }
            // The receiver goes on as if nothing had been.
            try await emulator.fill("0", count: 1)
            #expect(try await receiver.take(1).map(\.text) == ["event 0"])
            await consumer.close()
        }
    }

    @Test(
        "Batches follow the link's limit: 256 KiB are kept to, 20 MiB are for those who ask",
        arguments: [262_144, 20_971_520]
    )
    func sizes(limit: Int) async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        configuration.maximumMessageSize = limit
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let producer = try emulator.makeProducer()
            #expect(try await producer.makeBatch().maximumSize == min(limit, 1_048_576))
            var largest = try await producer.makeBatch(maximumSize: .max)
            #expect(largest.maximumSize == limit)
            while largest.tryAdd(EventData([UInt8](repeating: 0, count: 50_000))) {}
            while largest.tryAdd("x") {}
            try await producer.send(largest)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [Int64(largest.count)])
            await producer.close()
        }
    }

    @Test("A small prefetch, in events or bytes, slows down but never stops")
    func smallPrefetch() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 200)
            let consumer = try emulator.makeConsumer()
            for options in [PartitionOptions(prefetchCount: 1), PartitionOptions(prefetchBytes: 1)] {
                let receiver = try await consumer.openPartition("0", from: .earliest, options: options)
                #expect(try await receiver.take(200).map(\.sequenceNumber) == Array(0..<200))
                await receiver.close()
            }
            await consumer.close()
        }
    }
}
