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
import Testing

@Suite("Batches")
struct EventDataBatchTests {
    /// A transfer of the official Python client: key `pk1`, "hello", and "world" with the property a = 1. Payload only.
    static let pythonKeyedBatch = bytes(
        "005370c00705560140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31"
            + "005375a036005370c00705560140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31"
            + "005375a00568656c6c6f"
            + "005375a041005370c00705560140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31"
            + "005374c10602a101615401005375a005776f726c64"
    )

    @Test("The Python client's batch of two decodes")
    func pythonBatch() throws {
        let envelope = try Message(decoding: Self.pythonKeyedBatch)
        #expect(envelope.header?.durable == true)
        #expect(envelope.messageAnnotations?[symbol: "x-opt-partition-key"] == .string("pk1"))
        guard case .data(let encoded) = envelope.body else {
            Issue.record("no data sections")
            return
        }
        let inner = try encoded.map { try Message(decoding: $0) }
        #expect(inner.map(\.joinedData) == [Array("hello".utf8), Array("world".utf8)])
        #expect(inner.allSatisfy { $0.messageAnnotations?[symbol: "x-opt-partition-key"] == .string("pk1") })
        #expect(inner[1].applicationProperties == ["a": .int(1)] as AMQPMap)
    }

    @Test("A batch of one without key is byte for byte the Python client's")
    func single() {
        var batch = EventDataBatch()
        let added1 = batch.tryAdd("solo")
        #expect(added1)
        #expect(batch.payload == bytes("005375a009005375a004736f6c6f"))
        #expect(batch.count == 1)
        #expect(batch.size == 14)
    }

    @Test("A keyed batch has the key on the envelope and on every event")
    func keyed() throws {
        var batch = EventDataBatch(.key("pk1"))
        #expect(batch.isEmpty)
        let added2 = batch.tryAdd("hello")
        #expect(added2)
        var annotated = EventData("world", properties: ["a": .int(1)])
        annotated.message.messageAnnotations = [.symbol("x-own"): .bool(true)]
        let added3 = batch.tryAdd(annotated)
        #expect(added3)
        let keySection = "005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31"
        let envelope = "005370c0060541" + "40404040" + keySection
        let hello = "005375a02a" + keySection + "005375a00568656c6c6f"
        #expect(Array(batch.payload.prefix(envelope.count / 2)) == bytes(envelope))
        #expect(Array(batch.payload.dropFirst(envelope.count / 2).prefix(hello.count / 2)) == bytes(hello))

        let decoded = try Message(decoding: batch.payload)
        #expect(decoded.header?.durable == true)
        guard case .data(let encoded) = decoded.body else {
            Issue.record("no data sections")
            return
        }
        let second = try Message(decoding: try #require(encoded.last))
        #expect(
            second.messageAnnotations == [.symbol("x-own"): true, .symbol("x-opt-partition-key"): "pk1"] as AMQPMap
        )
        #expect(second.applicationProperties == ["a": .int(1)] as AMQPMap)
        #expect(second.joinedData == Array("world".utf8))
    }

    @Test(
        "Sizes are exact to the byte",
        arguments: [(242, 5 + 5 + 242), (251, 8 + 8 + 251), (252, 8 + 8 + 252), (256, 8 + 8 + 256)]
    )
    func exactSize(bodySize: Int, expected: Int) throws {
        // A body below 256 bytes costs 5 bytes as a data section, and the encoded event as one more.
        let event = EventData([UInt8](repeating: 7, count: bodySize))
        let encodedEvent = event.message.encoded().count
        let total = encodedEvent + (encodedEvent < 256 ? 5 : 8)
        var fitting = EventDataBatch(maximumSize: total)
        let added4 = fitting.tryAdd(event)
        #expect(added4)
        #expect(fitting.size == total)
        let added5 = fitting.tryAdd("")
        #expect(!added5)
        var tooSmall = EventDataBatch(maximumSize: total - 1)
        let added6 = tooSmall.tryAdd(event)
        #expect(!added6)
        #expect(tooSmall.isEmpty)
        #expect(tooSmall.size == 0)
        #expect(try Message(decoding: fitting.payload).body == .data([event.message.encoded()]))
    }

    @Test(
        "Every section has the shortest length that fits",
        arguments: [
            (0, "005375a005" + "005375a000"),
            (250, "005375a0ff" + "005375a0fa"),
            (251, "005375b000000100" + "005375a0fb"),
            (255, "005375b000000104" + "005375a0ff"),
            (256, "005375b000000108" + "005375b000000100"),
            (70_000, "005375b000011178" + "005375b000011170"),
        ]
    )
    func sectionStarts(bodySize: Int, start: String) {
        var batch = EventDataBatch()
        let body = (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }
        let added = batch.tryAdd(EventData(body))
        #expect(added)
        #expect(batch.payload == bytes(start) + body)
        #expect(batch.size == batch.payload.count)
    }

    @Test("Properties come before the body, with the lengths of both in the section's")
    func properties() {
        var batch = EventDataBatch()
        let added = batch.tryAdd(EventData("world", properties: ["a": .int(1)]))
        #expect(added)
        // As the Python client writes them, without the header and the key.
        #expect(batch.payload == bytes("005375a015" + "005374c10602a101615401" + "005375a005776f726c64"))
    }

    @Test("Copies of a batch that are filled on do not meet")
    func copies() {
        var batch = EventDataBatch(.key("k"))
        _ = batch.tryAdd("a")
        var copy = batch
        _ = batch.tryAdd("b")
        _ = copy.tryAdd("c")
        var expected = EventDataBatch(.key("k"))
        _ = expected.tryAdd("a")
        _ = expected.tryAdd("b")
        #expect(batch.payload == expected.payload)
        #expect(copy.payload.last == UInt8(ascii: "c"))
        #expect(copy.count == 2)
    }

    @Test("An event is its message, however it was made")
    func equality() throws {
        let plain = EventData([1, 2], properties: ["a": 1])
        var other = EventData(Message(applicationProperties: ["a": 1], body: .data([[1, 2]])))
        #expect(other == plain)
        #expect(other.hashValue == plain.hashValue)
        #expect(EventData(plain.message) == plain)
        other.messageID = "id"
        #expect(other != plain)
        #expect(other.body == [1, 2])
        #expect(other.properties == ["a": 1] as AMQPMap)
        other.body = [3]
        other.properties = AMQPMap()
        #expect(other.message == Message(properties: Properties(messageID: "id"), body: .data([[3]])))
        #expect(other.encodedSize == other.message.encoded().count)
        other.messageID = nil
        #expect(other == EventData([3]))
        let parts = EventData(Message(body: .data([[1], [2]])))
        #expect(parts.body == [1, 2])
        #expect(parts != EventData([1, 2]))
        #expect(EventData(Message(value: .null)).message.body == .value(.null))
        #expect(plain.encodedSize == plain.message.encoded().count)
    }

    @Test("An emptied batch is as new")
    func reuse() {
        var batch = EventDataBatch(.key("k"))
        let empty = batch.payload
        _ = batch.tryAdd("x")
        batch.removeAll()
        #expect(batch.payload == empty)
        #expect(batch.isEmpty)
    }

    @Test("An event knows its AMQP places")
    func eventFields() throws {
        var event = EventData("{}", properties: ["speed": .double(1.5)])
        event.contentType = "application/json"
        event.messageID = "id-1"
        event.correlationID = .ulong(7)
        let decoded = try Message(decoding: event.message.encoded())
        #expect(decoded.properties?.contentType == "application/json")
        #expect(decoded.properties?.messageID == .string("id-1"))
        #expect(decoded.properties?.correlationID == .ulong(7))
        #expect(decoded.applicationProperties == ["speed": .double(1.5)] as AMQPMap)
        #expect(decoded.joinedData == Array("{}".utf8))
        event.contentType = nil
        event.messageID = nil
        event.correlationID = nil
        event.properties = AMQPMap()
        #expect(event == EventData("{}"))
        event.body = [1, 2]
        #expect(event.body == [1, 2])
        #expect(EventData(Message(value: .long(1))).body.isEmpty)
    }
}
