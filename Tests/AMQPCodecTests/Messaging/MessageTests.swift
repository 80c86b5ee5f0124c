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

import AMQPCodec
import FixtureSupport
import Testing

@Suite struct MessageTests {
    private func message(_ name: String) throws -> Message {
        try Message(decoding: FixtureFile.load("Messages/messages.hex", named: name).bytes)
    }

    @Test func everySection() throws {
        let expected = Message(
            header: Header(durable: true, priority: 9, timeToLive: 1000, firstAcquirer: true, deliveryCount: 2),
            deliveryAnnotations: [.symbol("d"): .uint(0)],
            messageAnnotations: [.symbol("m"): .long(-1)],
            properties: Properties(
                messageID: .ulong(42),
                userID: Array("u".utf8),
                to: "to",
                subject: "sub",
                replyTo: "re",
                correlationID: "corr",
                contentType: "text/plain",
                contentEncoding: "gzip",
                absoluteExpiryTime: Timestamp(millisecondsSinceEpoch: -1),
                creationTime: Timestamp(millisecondsSinceEpoch: 0),
                groupID: "g",
                groupSequence: 7,
                replyToGroupID: "rg"
            ),
            applicationProperties: ["a": true],
            body: .data([Array("one".utf8), Array("two".utf8)]),
            footer: [.symbol("f"): .null]
        )
        let message = try self.message("every section")
        #expect(message == expected)
        #expect(try Message(decoding: message.encoded()) == expected)
    }

    @Test func putTokenRequest() throws {
        let message = try self.message("put-token request")
        #expect(message.applicationProperties?[string: "operation"] == "put-token")
        #expect(message.applicationProperties?[string: "name"] == "sb://localhost:44371/hub1")
        #expect(message.applicationProperties?[string: "expiration"]?.timestampValue != nil)
        guard case .uuid = message.properties?.messageID, case .value(.string(let token)) = message.body else {
            Issue.record("no uuid or no token")
            return
        }
        #expect(token.utf8.count == 157)
    }

    @Test func batchOfOneEvent() throws {
        let message = try self.message("batch of one event")
        guard case .data(let sections) = message.body else {
            Issue.record("no data")
            return
        }
        #expect(try sections.map { try Message(decoding: $0) } == [Message(data: Array("solo".utf8))])
        #expect(message.encoded() == hex("005375a009005375a004736f6c6f"))
    }

    @Test func otherBodies() throws {
        #expect(try self.message("sequences").body == .sequence([[], [.int(1), "x"]]))
        #expect(try self.message("value").body == .value(.null))
        let symbolic = try self.message("symbolic descriptors")
        #expect(symbolic.body == .value(true))
        #expect(symbolic.properties == Properties())
        #expect(try Message(decoding: []) == Message())
        #expect(Message(properties: Properties()).encoded() == hex("00537345"))
        #expect(Message(body: .sequence([[]])).encoded() == hex("00537645"))
    }

    /// content-type and content-encoding as str8 and as str32, where the specification has symbols.
    @Test(arguments: [
        "005373 c0 22 08 40 40 40 40 40 40 a1 10 6170706c69636174696f6e2f6a736f6e b1 00000004 677a6970",
        "005373 c0 1f 08 40 40 40 40 40 40 a3 10 6170706c69636174696f6e2f6a736f6e a3 04 677a6970",
    ])
    func contentTypeAsString(_ bytes: String) throws {
        let message = try Message(decoding: hex(bytes))
        #expect(message.properties == Properties(contentType: "application/json", contentEncoding: "gzip"))
        // Written as what they should have been.
        #expect(message.encoded().firstRange(of: hex("a304 677a6970")) != nil)
    }

    /// No other field takes one for the other.
    @Test(arguments: [
        ("005373 c0 05 03 40 40 a3 00", "properties.to"),
        ("005373 c0 06 04 40 40 40 a3 00", "properties.subject"),
        ("005373 c0 0d 0b 40 40 40 40 40 40 40 40 40 40 a3 00", "properties.group-id"),
        ("005373 c0 09 07 40 40 40 40 40 40 a0 00", "properties.content-type"),
    ])
    func otherFieldsAreStrict(_ bytes: String, _ path: String) {
        let error = decodingError { () throws(DecodingError) in _ = try Message(decoding: hex(bytes)) }
        #expect(error?.code == .wrongType)
        #expect(error?.path == path)
    }

    @Test func runtimeMetrics() throws {
        let message = try self.message("event with runtime metrics")
        #expect(message.deliveryAnnotations?[symbol: "last_enqueued_sequence_number"] == .long(13497))
    }

    @Test("Two sections of many delivery annotations take no longer than their bytes", .timeLimit(.minutes(1)))
    func manyDeliveryAnnotations() throws {
        func bigEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        // A map32 of 40,000 uints, each with null.
        func section(from first: Int) -> [UInt8] {
            var content: [UInt8] = []
            for number in first..<first + 40_000 { content += [0x70] + bigEndian(number) + [0x40] }
            return [0x00, 0x53, 0x71, 0xd1] + bigEndian(content.count + 4) + bigEndian(80_000) + content
        }
        let body: [UInt8] = [0x00, 0x53, 0x75, 0xa0, 0x00]
        let bytes = section(from: 0) + body + section(from: 20_000)
        let message = try Message(decoding: bytes)
        #expect(message.deliveryAnnotations?.count == 60_000)
    }

    @Test func lateDeliveryAnnotations() throws {
        let message = try self.message("late delivery annotations")
        #expect(message.deliveryAnnotations == [.symbol("delann_key"): "delann_value"])
        #expect(message.footer == [.symbol("footer_key"): "footer_value"])
        #expect(message.body == .data([Array("aa".utf8), Array("bb".utf8)]))
        // Those that stand in their place are the broker's: they count more.
        let both = try Message(
            decoding: hex("005371 c10702 a10161 a10162 005377 40 005371 c10d04 a10161 a10163 a10164 a10165")
        )
        #expect(both.deliveryAnnotations == ["a": "b", "d": "e"])
    }

    @Test(arguments: [
        ("40", DecodingError.Code.wrongType, 0, ""),
        ("005375 a000 005371 c10100 005378 c10100", .malformedMessage, 11, "footer"),  // after late ones
        ("005375 a000 005371 c10100 005371 c10100", .malformedMessage, 11, "delivery-annotations"),
        ("005374 c10100 005371 c10100", .malformedMessage, 6, "delivery-annotations"),  // no body
        ("005310 45", .unknownDescriptor, 0, ""),
        ("005375 a000 005370 45", .malformedMessage, 5, "header"),  // a header after the body
        ("005370 45 005370 45", .malformedMessage, 4, "header"),  // twice
        ("005377 40 005377 40", .malformedMessage, 4, "amqp-value"),  // two values
        ("005375 a000 005377 40", .malformedMessage, 5, "amqp-value"),  // two kinds of body
        ("005375 a101 78", .wrongType, 3, "data"),
        ("005375 40", .wrongType, 3, "data"),
        ("005372 45", .wrongType, 3, "message-annotations"),
        ("005372 40", .wrongType, 3, "message-annotations"),
        ("005376 40", .wrongType, 3, "amqp-sequence"),
        ("005373 c0 03 01 5001", .wrongType, 6, "properties.message-id"),
        ("005374 c1 03 02 a1", .truncated, 5, "application-properties"),
        ("005375 b0 ffffffff", .truncated, 8, "data"),
    ])
    func malformed(_ bytes: String, _ code: DecodingError.Code, _ offset: Int, _ path: String) {
        let error = decodingError { () throws(DecodingError) in _ = try Message(decoding: hex(bytes)) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
        #expect(error?.path == path)
    }

    @Test(arguments: try FixtureFile.load("Messages/messages.hex"))
    func everyTruncationEndsCleanly(_ fixture: Fixture) throws {
        // A cut between two sections leaves a shorter message; any other is an error inside the bytes given.
        for count in 0..<fixture.bytes.count {
            let bytes = Array(fixture.bytes[..<count])
            let error = decodingError { () throws(DecodingError) in _ = try Message(decoding: bytes) }
            if let error { #expect(error.offset <= count) }
        }
    }
}
