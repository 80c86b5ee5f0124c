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

@Suite("What a client offers", .timeLimit(.minutes(2)))
struct ClientFeatureTests {
    @Test("Read all partitions in one sequence: everything arrives, in the order of each partition")
    func allPartitions() async throws {
        try await withHub(partitions: 3) { emulator in
            for id in ["0", "1", "2"] as [PartitionID] { try await emulator.fill(id, count: 200) }
            let consumer = try emulator.makeConsumer()
            let numbers = try await consumer.withAllPartitions(from: .earliest) { batches in
                var numbers: [PartitionID: [Int64]] = [:]
                for try await batch in batches {
                    numbers[batch.partitionID, default: []] += batch.events.map(\.sequenceNumber)
                    if numbers.values.map(\.count).reduce(0, +) == 600 { break }
                }
                return numbers
            }
            #expect(numbers.count == 3)
            for numbers in numbers.values { #expect(numbers == Array(0..<200)) }
            // The service hears of the end of each receiver, if not before the scope returns.
            while emulator.partitions(of: "hub1").contains(where: { !$0.receivers.isEmpty }) { await Task.yield() }
            await consumer.close()
        }
    }

    @Test("Read all partitions in one sequence: losing one to another receiver is told")
    func allPartitionsStolen() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 1)
            let consumer = try emulator.makeConsumer()
            let other = try emulator.makeConsumer()
            await #expect(throws: EventHubsError(.ownershipLost, "")) {
                try await consumer.withAllPartitions(from: .earliest, options: PartitionOptions(ownerLevel: 1)) {
                    batches in
                    for try await _ in batches {
                        _ = try await other.openPartition(
                            "0",
                            from: .earliest,
                            options: PartitionOptions(ownerLevel: 2)
                        )
                    }
                }
            }
            await consumer.close()
            await other.close()
        }
    }

    @Test("Properties of all partitions in one call, and the lag they tell without checkpoints")
    func allProperties() async throws {
        try await withHub(partitions: 40) { emulator in
            try await emulator.fill("7", count: 10)
            let consumer = try emulator.makeConsumer()
            let all = try await consumer.partitionProperties()
            #expect(all.map(\.id) == (0..<40).map { PartitionID("\($0)") })
            #expect(all[7].lastEnqueuedSequenceNumber == 9)
            #expect(all.map { $0.eventCount(after: nil) } == (0..<40).map { $0 == 7 ? 10 : 0 })
            #expect(all[7].eventCount(after: 3) == 6)
            #expect(all[7].eventCount(after: 9) == 0)
            #expect(all[7].eventCount(after: 99) == 0)
            let producer = try emulator.makeProducer()
            #expect(try await producer.partitionProperties() == all)
            await producer.close()
            await consumer.close()
        }
    }

    /// A value of each simple type of AMQP 1.0.
    private static let simpleTypes: AMQPMap = [
        "null": .null, "bool": .bool(true), "ubyte": .ubyte(.max), "ushort": .ushort(.max), "uint": .uint(.max),
        "ulong": .ulong(.max), "byte": .byte(.min), "short": .short(.min), "int": .int(.min), "long": .long(.min),
        "float": .float(1.5), "double": .double(-.infinity), "decimal32": .decimal32(Decimal32(bits: 0x2250_0001)),
        "decimal64": .decimal64(Decimal64(bits: 0x2238_0000_0000_0001)),
        "decimal128": .decimal128(Decimal128(high: 0x2208_0000_0000_0000, low: 1)), "char": .char("\u{1F600}"),
        "timestamp": .timestamp(Timestamp(millisecondsSinceEpoch: 1_552_422_659_007)),
        "uuid": .uuid(UUIDBytes(high: 0x9820_AF5E_6865_4C48, low: 0xDE82_8560_4CAB_5AD4)),
        "binary": .binary([0, 255]), "string": "Grüße", "symbol": .symbol("a:symbol"),
    ]

    @Test("Lossless AMQP value types in properties: each type, and each key, comes back as it was sent")
    func everyTypeOfProperty() async throws {
        var everyType = Self.simpleTypes
        everyType["list"] = .list([.list([.uint(1)]), .null])
        everyType["map"] = .map(["outer": .map(["inner": .map([.int(1): .binary([1])])])])
        everyType["array"] = .array(try #require(AMQPArray([.map(["a": .int(1)]), .map([:])])))
        let described = AMQPArray(["a", "b"], descriptor: .symbol("text"))
        everyType["array of described"] = .array(try #require(described))
        everyType["described"] = .described(
            .ulong(0x468C_0000_0004),
            .described(.symbol("x"), .list([.array(try #require(described))]))
        )
        let sent = everyType
        try await withHub { emulator in
            let producer = try emulator.makeProducer()
            let events = [EventData(Message(applicationProperties: sent, body: .data([[1]])))]
            try await producer.send(events, to: .partition("0"))
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .earliest)
            let event = try #require(try await receiver.take(1).first)
            let properties = try event.properties
            for key in sent.keys { #expect(properties[key] == sent[key], "\(key)") }
            #expect(properties == sent)
            await producer.close()
            await consumer.close()
        }
    }

    @Test("Raw AMQP message access, and no event fails for one strange property")
    func strangeProperties() async throws {
        try await withHub { emulator in
            let strange: AMQPMap = [
                "timespan": .described(.symbol("com.microsoft:timespan"), .long(864_000_000_000)),
                "nested": .described(
                    .ulong(77),
                    .described(.symbol("inner"), .list([.null, .map(["k": .binary([1])])]))
                ),
                "null": .null, "char": .char("é"), "ubyte": .ubyte(7), "ulong": .ulong(.max),
                "early": .timestamp(Timestamp(millisecondsSinceEpoch: -62_135_596_800_000)),
                .int(5): "a key that is no string",
            ]
            let messages = [
                Message(applicationProperties: strange, body: .value(.list([.int(1), "two"]))),
                Message(applicationProperties: strange, body: .sequence([[.int(1)], [.bool(true)]])),
                Message(applicationProperties: strange, body: .data([Array("a".utf8), Array("b".utf8)])),
            ]
            let producer = try emulator.makeProducer()
            try await producer.send(messages.map { EventData($0) }, to: .partition("0"))
            let consumer = try emulator.makeConsumer()
            let received = try await consumer.withPartition("0", from: .earliest) { events in
                try await events.receiver.take(3)
            }
            for (event, message) in zip(received, messages) {
                #expect(try event.properties == strange)
                #expect(try event.decoded().body == message.body)
            }
            #expect(received.map(\.sequenceNumber) == [0, 1, 2])
            #expect(received.last?.copiedBody == Array("ab".utf8))
            await producer.close()
            await consumer.close()
        }
    }
}
