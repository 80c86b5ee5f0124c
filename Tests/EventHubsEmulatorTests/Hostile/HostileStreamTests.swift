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
import EventHubsEmulator
import FixtureSupport
import Testing

/// Peers that stop half-way, keep silent or send noise: the emulator lets go of them and serves the others.
@Suite("Hostile streams")
struct HostileStreamTests {
    /// Waits until the emulator has let go of all connections.
    private func expectNoConnection(at emulator: EventHubsEmulator) async throws {
        let deadline = ContinuousClock.now + HostileClient.patience
        while emulator.connectionCount > 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(emulator.connectionCount == 0)
    }

    /// A whole conversation: SASL, open, begin, attach and one event.
    private func conversation(_ client: HostileClient) -> [UInt8] {
        saslHeader + client.plain(key: "SAS_KEY_VALUE") + amqpHeader
            + frame(.open(Open(containerID: "hostile")))
            + frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 10, outgoingWindow: 10)))
            + frame(client.sender())
    }

    @Test("a client that hangs up anywhere is let go of", arguments: 0..<12)
    func hangsUp(_ part: Int) async throws {
        try await withTarget { emulator in
            for share in stride(from: part, to: 240, by: 12) {
                let client = try await HostileClient.connect(to: emulator)
                let bytes = conversation(client)
                client.send(Array(bytes.prefix(bytes.count * share / 240 + 1)))
                client.close()
            }
            try await expectNoConnection(at: emulator)
        }
    }

    @Test("a delivery whose end never comes is not stored, the one before it is")
    func midDelivery() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            try await client.attach(client.sender())
            let second = event("cut", delivery: 1)
            client.send(event("whole", delivery: 0) + second.dropLast(3))
            #expect(try await client.outcome(of: 0) == .accepted)
            client.close()
            try await expectNoConnection(at: emulator)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    @Test("a client that falls silent is closed, and told why")
    func silence() async throws {
        try await withTarget({ $0.idleTimeout = .seconds(4) }) { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            #expect(try await client.closeCondition() == .resourceLimitExceeded)
            try await client.waitForEnd()
        }
    }

    @Test("a client that never attaches a link is closed, and told why")
    func noLinks() async throws {
        try await withTarget({ $0.linklessTimeout = .seconds(4) }) { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            #expect(try await client.closeCondition() == .connectionForced)
        }
    }

    @Test("one connection too many is turned away, and has its place when another goes")
    func tooManyConnections() async throws {
        try await withTarget({ $0.maximumConnections = 2 }) { emulator in
            let first = try await HostileClient.begin(with: emulator)
            let second = try await HostileClient.begin(with: emulator)
            let third = try await HostileClient.connect(to: emulator)
            third.send(amqpHeader)
            third.send(.open(Open(containerID: "third", hostname: "localhost")))
            #expect(try await third.closeCondition() == .resourceLimitExceeded)
            third.close()
            first.close()
            second.close()
            try await expectNoConnection(at: emulator)
        }
    }

    @Test("noise in place of a greeting", arguments: 0..<4)
    func noise(_ seed: UInt64) async throws {
        try await withTarget { emulator in
            var random = NoiseSource(seed: seed)
            for _ in 0..<25 {
                let client = try await HostileClient.connect(to: emulator)
                client.send((0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
                client.close()
            }
            try await expectNoConnection(at: emulator)
        }
    }

    @Test("noise after a greeting, some of it in frames", arguments: 0..<4)
    func noiseInFrames(_ seed: UInt64) async throws {
        try await withTarget { emulator in
            var random = NoiseSource(seed: seed)
            for round in 0..<25 {
                let client = try await HostileClient.begin(with: emulator)
                for _ in 0..<20 {
                    let body = (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                    let size = round.isMultiple(of: 2) ? UInt32(body.count + 8) : UInt32(random.below(100))
                    let header: [UInt8] = [
                        0, 0, UInt8(size >> 8), UInt8(size & 255), 2, UInt8(random.below(2)), 0, UInt8(random.below(3)),
                    ]
                    client.send(header + body)
                }
                client.close()
            }
            try await expectNoConnection(at: emulator)
        }
    }

    /// What the official client sends, with some bytes turned over: most of it still looks like AMQP.
    @Test("a recorded conversation with errors in it", arguments: 0..<6)
    func mutations(_ seed: UInt64) async throws {
        let recording = try FixtureFile.load("Frames/python-client.hex")
        try await withTarget { emulator in
            var random = NoiseSource(seed: seed)
            for _ in 0..<20 {
                let client = try await HostileClient.connect(to: emulator)
                for fixture in recording where fixture.name != "end" && fixture.name != "close" {
                    var bytes = fixture.bytes
                    if random.below(8) == 0, !bytes.starts(with: Array("AMQP".utf8)) {
                        for _ in 0...random.below(3) {
                            bytes[4 + random.below(bytes.count - 4)] = UInt8(truncatingIfNeeded: random.next())
                        }
                    }
                    client.send(bytes)
                }
                client.send(.close(Close()))
                client.close()
            }
            try await expectNoConnection(at: emulator)
        }
    }

    @Test("a port that speaks TLS: plain text, half a handshake, silence")
    func tls() async throws {
        let directory = FixtureFile.directory + "/Certificates"
        let hub = EmulatorConfiguration.Hub(name: "hub1", partitionCount: 2)
        var configuration = EmulatorConfiguration(hubs: [hub])
        configuration.tls = .init(
            certificateChainFile: directory + "/server.pem",
            privateKeyFile: directory + "/server-key.pem"
        )
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let plain = try await HostileClient.connect(to: emulator)
            plain.send(saslHeader + amqpHeader)
            // An alert, which is no AMQP, or nothing; then the end.
            do { try await plain.waitForEnd() } catch is DecodingError {}
            plain.close()

            let half = try await HostileClient.connect(to: emulator)
            // A client hello that announces 512 bytes and brings 5.
            half.send(hex("16 0301 0200 01 0001fc 03"))
            half.close()

            let silent = try await HostileClient.connect(to: emulator)
            defer { silent.close() }
            #expect(emulator.connectionCount == 0)
        }
    }
}

/// A small generator whose numbers are the same on every machine.
struct NoiseSource {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(truncatingIfNeeded: next() % UInt64(bound)) : 0
    }
}
