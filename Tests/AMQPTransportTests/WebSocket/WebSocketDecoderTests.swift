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

@testable import AMQPTransport

@Suite struct WebSocketDecoderTests {
    /// What pieces of a WebSocket came to, put together.
    private struct Outcome: Equatable {
        var payload: [UInt8] = []
        var pings: [[UInt8]] = []
        var end: WebSocketDecoder.End?
    }

    private func decode(
        _ pieces: [[UInt8]],
        of sender: WebSocketDecoder.Sender = .server,
        maximumPayload: Int = 1 << 20
    ) -> Outcome {
        var decoder = WebSocketDecoder(framesOf: sender, maximumPayload: maximumPayload)
        var outcome = Outcome()
        for piece in pieces {
            var bytes = piece
            let input = bytes.withUnsafeMutableBytes { decoder.decode($0) }
            outcome.payload += bytes.prefix(input.payload)
            if let ping = input.ping { outcome.pings.append(ping) }
            if let end = input.end { outcome.end = end }
        }
        return outcome
    }

    /// The examples of RFC 6455, section 5.7, with binary in place of text.
    @Test(arguments: [
        ("82 05 48656c6c6f", WebSocketDecoder.Sender.server), ("82 85 37fa213d 7f9f4d5158", .client),
        ("02 03 48656c 80 02 6c6f", .server),
    ])
    func theExamplesOfTheSpecification(bytes: String, sender: WebSocketDecoder.Sender) {
        #expect(decode([hex(bytes)], of: sender) == Outcome(payload: Array("Hello".utf8)))
    }

    @Test func theLongExamplesOfTheSpecification() {
        let short = (0..<256).map { UInt8($0) }
        let long = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(decode([hex("82 7E 0100") + short]) == Outcome(payload: short))
        #expect(decode([hex("82 7F 0000000000010000") + long]) == Outcome(payload: long))
    }

    @Test func thePingOfTheSpecification() {
        #expect(decode([hex("89 05 48656c6c6f")]) == Outcome(pings: [Array("Hello".utf8)]))
        #expect(decode([hex("8a 85 37fa213d 7f9f4d5158")], of: .client) == Outcome())
    }

    /// Frames of all kinds, a ping inside of a message, empty ones, 16-bit lengths.
    private let server = hex(
        """
        82 05 48656c6c6f 8a00 02 03 010203 89 02 abcd 00 00 80 01 04 8200 82 7e 0080 \
        \(String(repeating: "5a", count: 128)) 8900 82 01 ff 88 04 03e8 6279
        """
    )
    private let client = hex(
        """
        02 85 37fa213d 7f9f4d5158 89 81 01020304 aa 80 83 ff00ff00 fe02fc 88 80 00000000
        """
    )

    @Test func everySplitGivesTheSame() {
        let payload = Array("Hello".utf8) + [1, 2, 3, 4] + Array(repeating: 0x5A, count: 128) + [0xFF]
        let closed = WebSocketDecoder.End.closed(WebSocketCloseReason(code: 1000, text: "by"))
        for split in 0...server.count {
            let outcome = decode([Array(server[..<split]), Array(server[split...])])
            #expect(outcome.payload == payload)
            #expect(outcome.end == closed)
            // Of the pings of one piece only the last is told.
            #expect(outcome.pings.last == [] && outcome.pings.count <= 2)
        }
        #expect(decode(server.map { [$0] }) == Outcome(payload: payload, pings: [[0xAB, 0xCD], []], end: closed))
    }

    @Test func everySplitOfAClientsFramesGivesTheSame() {
        let expected = Outcome(
            payload: Array("Hello".utf8) + [1, 2, 3],
            pings: [[0xAB]],
            end: .closed(WebSocketCloseReason(code: nil))
        )
        for split in 0...client.count {
            #expect(decode([Array(client[..<split]), Array(client[split...])], of: .client) == expected)
        }
        #expect(decode(client.map { [$0] }, of: .client) == expected)
    }

    @Test func nothingIsDecodedAfterAClose() {
        let outcome = decode([hex("82 01 01 88 00 82 01 02"), hex("82 01 03")])
        #expect(outcome == Outcome(payload: [1], end: .closed(WebSocketCloseReason(code: nil))))
    }

    @Test(arguments: [
        ("82 01 01", WebSocketDecoder.Sender.client, WebSocketViolation.notMasked),
        ("89 00", .client, .notMasked),
        ("82 81 00000000 01", .server, .masked), ("81 00", .server, .textMessage),
        ("80 00", .server, .continuationOfNothing),
        ("02 00 82 00", .server, .messageInsideMessage), ("88 01 03", .server, .malformedClose),
        ("88 02 03ee", .server, .malformedClose), ("f2 00", .server, .reservedBits),
        ("82 7e 0401", .server, .oversizeFrame(limit: 1_024)),
        ("82 7f 7fffffffffffffff", .server, .oversizeFrame(limit: 1_024)),
    ])
    func violationsEndTheStream(bytes: String, sender: WebSocketDecoder.Sender, violation: WebSocketViolation) {
        let outcome = Outcome(end: .violation(violation))
        #expect(decode([hex(bytes), hex("82 01 01")], of: sender, maximumPayload: 1_024) == outcome)
        #expect(decode(hex(bytes).map { [$0] }, of: sender, maximumPayload: 1_024) == outcome)
    }

    @Test func whatCameBeforeAViolationIsDelivered() {
        #expect(decode([hex("82 02 0102 81 00")]) == Outcome(payload: [1, 2], end: .violation(.textMessage)))
    }

    @Test func everyOpeningOfTwoBytesComesToSomething() {
        // Whatever a peer begins with: no trap, and nothing is taken for payload that has no header.
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max {
                let outcome = decode([[first, second] + Array(repeating: 0, count: 14)], maximumPayload: 4)
                #expect(outcome.payload.count <= 14)
                if first & 0x70 != 0 { #expect(outcome.payload.isEmpty && outcome.end == .violation(.reservedBits)) }
            }
        }
    }
}
