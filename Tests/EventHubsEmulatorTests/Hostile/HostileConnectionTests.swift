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
import AMQPTransport
import EventHubsEmulator
import Testing

/// A peer that breaks rules of the connection: the emulator says which, closes it, and serves the next one.
@Suite("Hostile connections")
struct HostileConnectionTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var condition: ErrorCondition

        init(_ description: String, _ bytes: [UInt8], _ condition: ErrorCondition) {
            self.testDescription = description
            self.bytes = bytes
            self.condition = condition
        }
    }

    static let attacks: [Attack] = [
        Attack("a list that ends behind its frame", rawFrame("005313 c0 ff 0b 43"), .decodeError),
        Attack("a list32 of 2^31 bytes", rawFrame("005313 d0 7fffffff 0000000b 43"), .decodeError),
        Attack("a list of 2^32 - 1 fields", rawFrame("005313 d0 00000005 ffffffff 40"), .decodeError),
        Attack("a string that ends behind its list", rawFrame("005312 c0 05 03 a1 ff 61 43"), .decodeError),
        Attack("an attach without its mandatory fields", rawFrame("005312 45"), .decodeError),
        Attack("a field of another type", rawFrame("005311 c0 05 04 40 a1 00 43"), .decodeError),
        Attack("half a descriptor", rawFrame("0053"), .decodeError),
        Attack("no described list", rawFrame("a1 01 61"), .decodeError),
        Attack("an unknown performative", rawFrame("005319 45"), .decodeError),
        Attack("a body that nests for ever", rawFrame("005311" + String(repeating: "c1ff02", count: 80)), .decodeError),
        Attack("a frame of 7 bytes", hex("00000007 02000000"), .framingError),
        Attack("a frame of 0 bytes", hex("00000000 02000000"), .framingError),
        Attack("a frame beyond max-frame-size", hex("00010001 02000000"), .framingError),
        Attack("a frame of 4 GiB", hex("ffffffff 02000000"), .framingError),
        Attack("a data offset inside of the header", rawFrame("005318 45", dataOffset: 1), .framingError),
        Attack("a data offset behind the frame", rawFrame("005318 45", dataOffset: 200), .framingError),
        Attack("an unknown type of frame", rawFrame("005318 45", type: 7), .framingError),
        Attack("a SASL frame after SASL", rawFrame("005341 c0 06 01 a3 03 424144", type: 1), .illegalState),
        Attack("a second open", frame(.open(Open(containerID: "again"))), .illegalState),
        Attack(
            "a flow on a channel without a session",
            frame(.flow(Flow(incomingWindow: 1, nextOutgoingID: 0, outgoingWindow: 1)), channel: 9),
            .notAllowed
        ),
        Attack(
            "an end on a channel without a session",
            frame(.end(End()), channel: 4_999),
            .notAllowed
        ),
        Attack(
            "a begin beyond channel-max",
            frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)), channel: 5_000),
            .framingError
        ),
        Attack(
            "a second begin on a channel",
            frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1))),
            .illegalState
        ),
        Attack(
            "the answer to a begin that nobody sent",
            frame(
                .begin(Begin(remoteChannel: 7, nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)),
                channel: 3
            ),
            .illegalState
        ),
        Attack(
            "an attach beyond handle-max",
            frame(.attach(Attach(name: "l", handle: 256, role: .sender, target: Target(address: "hub1")))),
            .framingError
        ),
    ]

    @Test("ends with its condition", arguments: attacks)
    func attack(_ attack: Attack) async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            client.send(attack.bytes)
            #expect(try await client.closeCondition() == attack.condition)
            client.send(.close(Close()))
            try await client.waitForEnd()
        }
    }

    @Test("what comes behind the violation is dropped")
    func nothingAfterTheEnd() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            try await client.attach(client.sender())
            client.send(event("before", delivery: 0, settled: true) + rawFrame("005319 45"))
            client.send(event("after", delivery: 1, settled: true))
            #expect(try await client.closeCondition() == .decodeError)
            client.send(.close(Close()))
            try await client.waitForEnd()
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    @Test("a max-frame-size below 512 is refused")
    func smallFrames() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.connect(to: emulator)
            defer { client.close() }
            client.send(amqpHeader)
            client.send(.open(Open(containerID: "small", maxFrameSize: 511)))
            #expect(try await client.closeCondition() == .invalidField)
        }
    }

    @Test("frames before open")
    func beforeOpen() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.connect(to: emulator)
            defer { client.close() }
            client.send(amqpHeader)
            client.send(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)))
            #expect(try await client.closeCondition() == .illegalState)
        }
    }

    /// What the server speaks comes back, then the end: specification part 2, section 2.2.
    @Test(
        "other protocols are told which one is spoken here",
        arguments: [
            "HELO there\r\n\r\n", "AMQP\u{0}\u{0}\u{9}\u{1}", "AMQP\u{2}\u{1}\u{0}\u{0}",
            "\u{16}\u{3}\u{1}\u{0}ABCDEF",
        ]
    )
    func otherProtocols(_ greeting: String) async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.connect(to: emulator)
            defer { client.close() }
            client.send(Array(greeting.utf8))
            #expect(try await client.next() == .protocolHeader(.sasl))
            #expect(try await client.next() == nil)
        }
    }

    @Test("HTTP is answered in HTTP: WebSockets share the port", arguments: ["AMQPWSB10", "amqp", "mqtt"])
    func webSockets(_ subprotocol: String) async throws {
        try await withTarget { emulator in
            func connect(_ path: String) async throws(TransportError) -> any ByteStream {
                try await Connector.connect(
                    host: "127.0.0.1",
                    port: emulator.amqpPort,
                    webSocket: WebSocketRequest(
                        host: "localhost",
                        port: emulator.amqpPort,
                        isSecure: false,
                        path: path,
                        subprotocol: subprotocol
                    ),
                    on: EventLoopGroup.shared.next()
                )
            }
            let error = await #expect(throws: TransportError.self) { try await connect("/") }
            #expect(error?.reason == "the server answered with status 404 Not Found")
            if subprotocol == "mqtt" {
                await #expect(throws: TransportError.self) { try await connect("/$servicebus/websocket") }
            } else {
                let stream = try await connect("/$servicebus/websocket")
                stream.loop.execute { stream.close() }
            }
        }
    }

    @Test("a wrong key ends with a SASL outcome")
    func wrongKey() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.connect(to: emulator)
            defer { client.close() }
            client.send(saslHeader + client.plain(key: "guess") + amqpHeader)
            var outcome: SASLOutcome.Code?
            while let item = try await client.next() {
                guard case .frame(let frame, _) = item, case .sasl(.outcome(let body)) = frame.body else { continue }
                outcome = body.code
            }
            #expect(outcome == .auth)
        }
    }

    @Test(
        "SASL has its order",
        arguments: [
            rawFrame("005311 c0 05 04 40 43 43 43"),  // an AMQP frame in between
            rawFrame("005344 c0 03 01 50 00", type: 1),  // the server's outcome, from the client
            rawFrame("005343 c0 03 01 a0 00", type: 1),  // a response that nobody asked for
            rawFrame("005341 c0 04 01 a3 ff 41", type: 1),  // a mechanism that ends behind its frame
            hex("00000200 01"),  // the rest never comes
            [],
        ]
    )
    func saslOrder(_ bytes: [UInt8]) async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.connect(to: emulator)
            client.send(saslHeader)
            _ = try await client.next()  // the header
            client.send(bytes)
            if bytes.count > 5 { try await client.waitForEnd() }
            client.close()
        }
    }
}
