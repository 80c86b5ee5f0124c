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

import Testing

@testable import EventHubsEmulator

@Suite("Incoming events")
struct IncomingEventsTests {
    /// The official Python client's batch: key `pk1`, events "hello" and "world", the second with a property.
    static let pythonBatch = hex(
        """
        005370c00705560140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31005375a036005370c00705560\
        140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31005375a00568656c6c6f005375a041005370c007\
        05560140404040005372c11b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31005374c10602a101615401005375a005776\
        f726c64
        """
    )
    static let keyPair = "a313782d6f70742d706172746974696f6e2d6b6579a103706b31"

    @Test("a batch with a key in the envelope")
    func batchWithKey() throws {
        let incoming = try IncomingEvents(delivery: Self.pythonBatch, messageFormat: IncomingEvents.batchFormat)
        #expect(incoming.partitionKey == "pk1")
        #expect(
            incoming.events.map { incoming.bytes[$0.content].hexadecimal } == [
                "005375a00568656c6c6f", "005374c10602a101615401005375a005776f726c64",
            ]
        )
        #expect(incoming.events.map(\.annotations.hexadecimal) == [Self.keyPair, Self.keyPair])
        #expect(incoming.events.map(\.annotationPairs) == [1, 1])
        #expect(incoming.events.map(\.hasProperties) == [false, false])
    }

    @Test("a batch of one event without an envelope")
    func bareBatch() throws {
        let incoming = try IncomingEvents(
            delivery: hex("005375a009005375a004736f6c6f"),
            messageFormat: IncomingEvents.batchFormat
        )
        #expect(incoming.partitionKey == nil)
        #expect(incoming.count == 1)
        #expect(incoming.bytes[incoming.events[0].content].hexadecimal == "005375a004736f6c6f")
    }

    @Test("the key of the envelope goes to inner messages that lack it")
    func envelopeKeySpreads() throws {
        let inner = "005375a00178"
        let envelope = "005372c11b02" + Self.keyPair
        let incoming = try IncomingEvents(
            delivery: hex(envelope + "005375a006" + inner + "005375b000000006" + inner),
            messageFormat: IncomingEvents.batchFormat
        )
        #expect(incoming.events.map(\.annotations.hexadecimal) == [Self.keyPair, Self.keyPair])
    }

    @Test("without a key in the envelope the first inner key routes")
    func innerKeyRoutes() throws {
        let keyed = "005372c11b02" + Self.keyPair + "005375a00178"
        let incoming = try IncomingEvents(
            delivery: hex("005375a026" + keyed),
            messageFormat: IncomingEvents.batchFormat
        )
        #expect(incoming.partitionKey == "pk1")
    }

    @Test("a plain message may have several data sections and is one event")
    func plainMessage() throws {
        let incoming = try IncomingEvents(delivery: hex("005375a00161005375a00162"), messageFormat: 0)
        #expect(incoming.count == 1)
        #expect(incoming.bytes[incoming.events[0].content].hexadecimal == "005375a00161005375a00162")
    }

    @Test("header and delivery annotations go, properties and the rest stay as they are")
    func sections() throws {
        let kept = "005373c00502a1016d40" + "005374c10602a101615401" + "005377a10178"
        let message = "005370c0020141" + "005371c10100" + "005372c10100" + kept
        let incoming = try IncomingEvents(delivery: hex(message), messageFormat: 0)
        let event = try #require(incoming.events.first)
        #expect(event.hasProperties)
        #expect(incoming.bytes[event.content].hexadecimal == kept)
        #expect(event.annotationPairs == 0)
    }

    @Test("the service's own annotations cannot be forged, others are kept, a key that is no string routes nothing")
    func annotations() throws {
        let sequence = "a315782d6f70742d73657175656e63652d6e756d626572" + "5507"
        let custom = "a30161" + "5401"
        let numericKey = "a313782d6f70742d706172746974696f6e2d6b6579" + "5409"
        let pairs = hex(sequence + custom + numericKey)
        let message = [0x00, 0x53, 0x72, 0xC1, UInt8(pairs.count + 1), 6] + pairs + hex("005375a00178")
        let incoming = try IncomingEvents(delivery: message, messageFormat: 0)
        #expect(incoming.partitionKey == nil)
        #expect(incoming.events[0].annotations.hexadecimal == custom + numericKey)
        #expect(incoming.events[0].annotationPairs == 2)
    }

    @Test("a publisher's name is added")
    func publisher() throws {
        let incoming = try IncomingEvents(delivery: hex("005375a00178"), messageFormat: 0, publisher: "p")
        #expect(incoming.events[0].annotations.hexadecimal == "a30f782d6f70742d7075626c6973686572a10170")
    }

    @Test(
        "malformed messages",
        arguments: [
            "005375", "005375a0", "005375a005ff", "ff", "0053", "005399a000", "005375a10161", "005372a00161",
            "005374c10301a10161", "005374c10601a101615401", "005374c10702a101615401",
            "005375a00161005377a10178", "005375a00161005372c10100", "005377a10178005377a10178", "005377a102c328",
            "005377" + String(repeating: "c00301", count: 40), "005377e0020171", "0000", "005377f0ffffffff",
            "005377d0000000047fffffff", "00a3036162635401", "005377565f",
        ]
    )
    func malformed(_ text: String) {
        let error = #expect(throws: ServiceError.self) { try IncomingEvents(delivery: hex(text), messageFormat: 0) }
        #expect(error?.condition == .decodeError)
    }

    @Test(
        "delivery annotations behind the body go on to readers, as the official Python client relies on; those before do not"
    )
    func lateDeliveryAnnotations() throws {
        let body = "005375a00178005378c10100"
        let late = "005371c11b02a30a64656c616e6e5f6b6579a10c64656c616e6e5f76616c7565"
        let incoming = try IncomingEvents(delivery: hex(late + body + late), messageFormat: 0)
        #expect(incoming.events.map { incoming.bytes[$0.content].hexadecimal } == [body + late])
        for text in [body + late + late, body + late + body, "005374c10100" + late] {
            let error = #expect(throws: ServiceError.self) { try IncomingEvents(delivery: hex(text), messageFormat: 0) }
            #expect(error?.condition == .decodeError)
        }
    }

    @Test("every truncation of a batch is an error")
    func truncations() {
        for length in 0..<Self.pythonBatch.count where length != 0 {
            let prefix = Array(Self.pythonBatch.prefix(length))
            if let incoming = try? IncomingEvents(delivery: prefix, messageFormat: IncomingEvents.batchFormat) {
                // A cut between two data sections leaves a shorter batch.
                #expect(incoming.count == 1)
                #expect(length == 103)
            }
        }
    }

    @Test("a batch without messages is refused")
    func emptyBatch() {
        let error = #expect(throws: ServiceError.self) {
            try IncomingEvents(delivery: [], messageFormat: IncomingEvents.batchFormat)
        }
        #expect(error?.condition == .argumentError)
    }

    @Test("descriptors in other encodings are read")
    func descriptors() throws {
        let symbolic = "00a310616d71703a646174613a62696e617279a00178"
        let long = "00800000000000000075a00178"
        for text in [symbolic, long] {
            #expect(try IncomingEvents(delivery: hex(text), messageFormat: 0).count == 1)
        }
    }
}
