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
import Logging
import ServiceLifecycle
import Testing

@Suite("Buffered producer against the emulator", .timeLimit(.minutes(2)))
struct BufferedProducerTests {
    private func makeProducer(
        _ emulator: EventHubsEmulator,
        _ options: BufferingOptions = BufferingOptions(maximumWait: .milliseconds(20))
    ) throws -> BufferedEventHubProducer {
        BufferedEventHubProducer(try emulator.makeProducer(), options: options)
    }

    /// The texts in each partition, in order.
    private func contents(of emulator: EventHubsEmulator) async throws -> [PartitionID: [String]] {
        let consumer = try emulator.makeConsumer()
        var contents: [PartitionID: [String]] = [:]
        for partition in emulator.partitions(of: "hub1") where partition.eventCount > 0 {
            let id = PartitionID(partition.id)
            contents[id] = try await consumer.withPartition(id, from: .earliest) { events in
                try await events.receiver.take(Int(partition.eventCount)).map(\.text)
            }
        }
        await consumer.close()
        return contents
    }

    @Test("A key goes where the service sends it, for keys of every length")
    func samePartitionAsTheService() async throws {
        try await withHub(partitions: 7) { emulator in
            let keys = (1...40).map { String(repeating: "é\($0)", count: $0).prefix(60) }.map(String.init)
            let plain = try emulator.makeProducer()
            for key in keys { try await plain.send([EventData(key)], to: .key(key)) }
            let expected = try await contents(of: emulator)
            let producer = try makeProducer(emulator)
            for key in keys { try await producer.enqueue(EventData("buffered \(key)"), to: .key(key)) }
            try await producer.close()
            await plain.close()
            for (id, texts) in try await contents(of: emulator) {
                #expect(texts == (expected[id] ?? []) + (expected[id] ?? []).map { "buffered \($0)" })
            }
        }
    }

    @Test("Every event arrives once, in the order of its partition, with its key")
    func order() async throws {
        try await withHub(partitions: 4) { emulator in
            let options = BufferingOptions(
                maximumWait: .milliseconds(5),
                maximumBatchCount: 13,
                maximumBufferedCount: 50
            )
            let producer = try makeProducer(emulator, options)
            for number in 0..<1_000 { try await producer.enqueue(EventData("\(number)"), to: .key("k\(number % 10)")) }
            try await producer.flush(within: .seconds(60))
            try await producer.close()
            let contents = try await contents(of: emulator)
            #expect(contents.values.map(\.count).reduce(0, +) == 1_000)
            for texts in contents.values {
                let byKey = Dictionary(grouping: texts.compactMap { Int($0) }) { $0 % 10 }
                for numbers in byKey.values { #expect(numbers == numbers.sorted()) }
            }
            #expect(Set(contents.values.joined()).count == 1_000)
        }
    }

    @Test("The end of the scope sends what is held")
    func scope() async throws {
        try await withHub { emulator in
            try await BufferedEventHubProducer.withProducer(
                connectionString: emulator.connectionString(hub: "hub1"),
                configuration: impatient,
                options: BufferingOptions(maximumWait: .seconds(3_600))
            ) { producer in
                for number in 0..<10 { try await producer.enqueue(EventData("\(number)")) }
            }
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [5, 5])
        }
    }

    @Test("A service group that shuts down has everything sent first")
    func gracefulShutdown() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator, BufferingOptions(maximumWait: .seconds(3_600)))
            let group = ServiceGroup(services: [producer], logger: Logger(label: "test"))
            async let run: Void = group.run()
            let receipt = try await producer.submit("held", to: .partition("0"))
            await group.triggerGracefulShutdown()
            try await run
            try await receipt.value()
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    @Test("A rejected batch is told to each of its events, with the service's reason")
    func rejected() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator)
            await #expect(throws: EventHubsError(.invalidArgument, "")) {
                try await producer.send("x", to: .partition("99"))
            }
            try await producer.close()
            await #expect(throws: EventHubsError(.closed, "")) { try await producer.send("x") }
        }
    }
}
