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

import AMQPEngine
import EventHubs
import Testing

@Suite("Received events")
struct ReceivedEventDataTests {
    /// What the Azure service sent: the message of a transfer with runtime metrics.
    static let realEvent = bytes(
        "005371c19308a31d6c6173745f656e7175657565645f73657175656e63655f6e756d6265728100000000000034b9"
            + "a3146c6173745f656e7175657565645f6f6666736574a10731333034303234"
            + "a3166c6173745f656e7175657565645f74696d655f75746383000001697399e3bf"
            + "a31f72756e74696d655f696e666f5f72657472696576616c5f74696d655f757463830000016974104f65"
            + "005372c15606a315782d6f70742d73657175656e63652d6e756d6265728100000000000030d1"
            + "a30c782d6f70742d6f6666736574a10731323038303234a313782d6f70742d656e7175657565642d74696d65"
            + "83000001697399e3bf005373" + "45005375a00d2248656c6c6f20666f6f203022"
    )

    @Test("The service's own event")
    func real() throws {
        let batch = EventBatch(copying: [Self.realEvent])
        let event = try #require(batch.first)
        #expect(event.sequenceNumber == 12497)
        #expect(event.offset == "1208024")
        #expect(event.enqueuedTime == Timestamp(millisecondsSinceEpoch: 0x0169_7399_E3BF))
        #expect(event.text == "\"Hello foo 0\"")
        #expect(event.body.byteCount == 13)
        #expect(event.encodedSize == Self.realEvent.count)
        #expect(try event.properties.isEmpty)
        #expect(try event.partitionKey == nil)
        #expect(try event.systemProperties[symbol: "x-opt-offset"] == .string("1208024"))
        let annotations = try #require(try event.decoded().deliveryAnnotations)
        let last = try #require(LastEnqueuedEvent(deliveryAnnotations: annotations))
        #expect(last.sequenceNumber == 0x34B9)
        #expect(last.offset == "1304024")
        #expect(last.enqueuedTime == Timestamp(millisecondsSinceEpoch: 0x0169_7399_E3BF))
        #expect(last.retrievalTime == Timestamp(millisecondsSinceEpoch: 0x0169_7410_4F65))
    }

    @Test("A detached copy outlives its batch")
    func detached() throws {
        func makeEvent() throws -> ReceivedEventData {
            let batch = EventBatch(copying: [bytes("005375a00178"), Self.realEvent, bytes("005375a00179")])
            return batch[1].detached()
        }
        let event = try makeEvent()
        #expect(event.sequenceNumber == 12497)
        #expect(event.offset == "1208024")
        #expect(event.text == "\"Hello foo 0\"")
        #expect(try event.decoded() == Message(decoding: Self.realEvent))
    }

    @Test("A batch is a collection, its slices are batches")
    func collection() throws {
        let messages = (0..<5).map { number in
            Message(
                messageAnnotations: [.symbol("x-opt-sequence-number"): .long(Int64(number) + 100)],
                body: .data([Array("event \(number)".utf8)])
            ).encoded()
        }
        let batch = EventBatch(copying: messages)
        #expect(batch.count == 5)
        #expect(batch.map(\.sequenceNumber) == [100, 101, 102, 103, 104])
        let slice = batch[1..<3]
        #expect(slice.map(\.text) == ["event 1", "event 2"])
        #expect(slice.byteCount == messages[1].count + messages[2].count)
        #expect(EventBatch.empty.isEmpty)
        #expect(EventBatch.empty.map(\.offset) == [])
    }

    @Test("What a peer leaves out is told apart from what it sends")
    func missingAnnotations() throws {
        let event = try #require(EventBatch(copying: [Message(value: .string("v")).encoded()]).first)
        #expect(event.sequenceNumber == -1)
        #expect(event.offset == "")
        #expect(event.enqueuedTime == Timestamp(millisecondsSinceEpoch: 0))
        #expect(try event.decoded().body == .value(.string("v")))
    }

    @Test("Keys, properties of any type and joined bodies")
    func lazyParts() throws {
        let message = Message(
            messageAnnotations: [.symbol("x-opt-partition-key"): "vehicle-7"],
            applicationProperties: ["span": .described(.symbol("com.microsoft:timespan"), .long(5)), "none": .null],
            body: .data([[1, 2], [3]])
        )
        let event = try #require(EventBatch(copying: [message.encoded()]).first)
        #expect(try event.partitionKey == "vehicle-7")
        #expect(try event.properties == message.applicationProperties)
        #expect(event.copiedBody == [1, 2, 3])
        #expect(event.body.byteCount == 2)
    }

    /// What senders on .NET and others write into application properties; the types are not ours to judge.
    @Test("Strange property values are kept, and cost nobody the event")
    func strangeProperties() throws {
        let message = bytes(
            [
                "005374d10000010500000018",
                "a1047370616e 00a316636f6d2e6d6963726f736f66743a74696d657370616e81000000002faf0800",
                "a1047768656e 00a31d636f6d2e6d6963726f736f66743a6461746574696d652d6f66667365748108dc0b5c3a8a4000",
                "a103757269 00a311636f6d2e6d6963726f736f66743a757269a11468747470733a2f2f6578616d706c652e6f72672f",
                "a1056172726179 e005035401ff7f",
                "a10b656d707479206172726179 e0020040",
                "a1046e6f6e65 40",
                "a10463686172 730001f600",
                "a103643332 7422500001",
                "a103643634 842238000000000001",
                "a10464313238 9422080000000000000000000000000001",
                "a1046c617465 838000000000000000",
                "a1046c697374 c00402415401",
                "005375 a001 78",
            ].joined()
        )
        let event = try #require(EventBatch(copying: [message]).first)
        #expect(event.text == "x")
        let properties = try event.properties
        #expect(properties.count == 12)
        let ticks = AMQPValue.long(800_000_000)
        #expect(properties["span"] == .described(.symbol("com.microsoft:timespan"), ticks))
        #expect(
            properties["when"] == .described(.symbol("com.microsoft:datetime-offset"), .long(0x08DC_0B5C_3A8A_4000))
        )
        #expect(properties["uri"] == .described(.symbol("com.microsoft:uri"), "https://example.org/"))
        guard case .array(let array) = properties["array"], case .array(let empty) = properties["empty array"] else {
            Issue.record("no array")
            return
        }
        #expect(array.elements == [.int(1), .int(-1), .int(127)])
        #expect(empty.elements.isEmpty)
        #expect(properties["none"] == .null)
        #expect(properties["char"] == .char("\u{1F600}"))
        #expect(properties["d32"] == .decimal32(Decimal32(bits: 0x2250_0001)))
        #expect(properties["d64"] == .decimal64(Decimal64(bits: 0x2238_0000_0000_0001)))
        #expect(properties["late"] == .timestamp(Timestamp(millisecondsSinceEpoch: .min)))
        #expect(properties["list"] == .list([true, .int(1)]))
        // Sent on, the properties are the same again: nothing was converted.
        #expect(try Message(decoding: event.decoded().encoded()) == event.decoded())
        #expect(try event.detached().properties == properties)
    }

    /// A surrogate is no Unicode character, though a `char` of .NET may be one.
    @Test("A property that cannot be read leaves body, number and the events around it")
    func unreadableProperty() throws {
        let annotations = Message(
            messageAnnotations: [.symbol("x-opt-sequence-number"): .long(7), .symbol("x-opt-offset"): "512"],
            body: .empty
        )
        let strange = annotations.encoded() + bytes("005374 c109 02 a10163 730000d800 005375 a001 78")
        let batch = EventBatch(copying: [bytes("005375a00177"), strange, bytes("005375a00179")])
        #expect(batch.map(\.text) == ["w", "x", "y"])
        #expect(batch[1].sequenceNumber == 7)
        #expect(batch[1].offset == "512")
        #expect(throws: DecodingError.self) { try batch[1].properties }
        #expect(try batch[2].properties.isEmpty)
    }

    /// The bytes are the official Python client's; the service hands them on with its annotations before them.
    @Test("Delivery annotations behind the body are read, and cost nobody the event")
    func lateDeliveryAnnotations() throws {
        let annotations = Message(messageAnnotations: [.symbol("x-opt-sequence-number"): .long(7)], body: .empty)
        let python = """
            005374c11202a109626f64795f74797065a10464617461005375a0026161005375a0026262005378c11b02a30a666f6f7465725f6b6579a10c
            666f6f7465725f76616c7565005371c11b02a30a64656c616e6e5f6b6579a10c64656c616e6e5f76616c7565
            """
        let event = try #require(EventBatch(copying: [annotations.encoded() + bytes(python)]).first)
        #expect(event.sequenceNumber == 7)
        #expect(event.copiedBody == Array("aabb".utf8))
        #expect(try event.properties == ["body_type": "data"])
        #expect(try event.decoded().deliveryAnnotations == [.symbol("delann_key"): "delann_value"])
    }

    @Test("Bytes that are no message are an error when they are decoded, not before")
    func malformed() throws {
        let event = try #require(EventBatch(copying: [bytes("005375a0ff00")]).first)
        #expect(throws: DecodingError.self) { try event.decoded() }
        #expect(throws: DecodingError.self) { try event.properties }
        _ = event.copiedBody
    }
}
