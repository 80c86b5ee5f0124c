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

import AMQPClient
import AMQPCodec
import AMQPTransport
import Testing

/// Servers that do not get through the handshake: opening ends with an error that says so, and never waits for ever.
@Suite(.timeLimit(.minutes(2)))
struct HostileHandshakeTests {
    private func open(
        _ bytes: [UInt8],
        thenHangUp hangsUp: Bool,
        patience: Duration = .seconds(30)
    ) async throws -> AMQPConnection {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        var configuration = AMQPConnectionConfiguration.strict
        configuration.connectTimeout = patience
        far.loop.execute {
            _ = try? bytes.withUnsafeBytes { try far.write([$0]) }
            if hangsUp { far.endWriting() }
        }
        defer { withExtendedLifetime(far) {} }
        return try await AMQPConnection.open(on: near, hostname: "h", configuration: configuration)
    }

    private func error(
        _ bytes: [UInt8],
        thenHangUp hangsUp: Bool = true,
        patience: Duration = .seconds(30)
    ) async throws -> AMQPError {
        let error = await #expect(throws: AMQPError.self) {
            _ = try await self.open(bytes, thenHangUp: hangsUp, patience: patience)
        }
        return try #require(error)
    }

    @Test func theStreamEndsAtEveryByteOfTheHandshake() async throws {
        let whole = Handshake.pieces.flatMap(\.self)
        for count in 0..<whole.count {
            let error = try await error(Array(whole[..<count]))
            #expect(error.code == .connectionLost, "after \(count) bytes")
            #expect(error.scope == .transport)
        }
        // With all of them the connection is open, and lost right after.
        let connection = try await open(whole, thenHangUp: true)
        await #expect(throws: AMQPError.self) { _ = try await connection.makeSession() }
    }

    @Test(arguments: 0..<5) func theServerFallsSilentAfter(pieces: Int) async throws {
        let bytes = Handshake.pieces[..<pieces].flatMap(\.self)
        let error = try await error(bytes, thenHangUp: false, patience: .milliseconds(100))
        #expect(error.code == .timedOut)
    }

    @Test(arguments: 0..<5) func noiseAfter(pieces: Int) async throws {
        let bytes = Handshake.pieces[..<pieces].flatMap(\.self)
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix(seed: seed)
            let noise = (0..<64).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let error = try await error(bytes + noise)
            #expect([.protocolViolation, .connectionLost, .authenticationFailed].contains(error.code), "\(error)")
        }
    }

    @Test func saslThatCannotSucceed() async throws {
        let head = Handshake.saslHeader
        let none = Handshake.saslFrame(.mechanisms(SASLMechanisms(mechanisms: [])))
        #expect(try await error(head + none).code == .authenticationFailed)
        let others = Handshake.saslFrame(.mechanisms(SASLMechanisms(mechanisms: ["SCRAM-SHA-256"])))
        let offered = try await error(head + others)
        #expect(offered.code == .authenticationFailed)
        #expect(offered.message.contains("SCRAM-SHA-256"))
        for code in [SASLOutcome.Code.auth, .sys, .sysPerm, .sysTemp] {
            let outcome = Handshake.saslFrame(.outcome(SASLOutcome(code: code)))
            #expect(try await error(head + Handshake.mechanisms + outcome).code == .authenticationFailed)
        }
    }

    @Test func saslOutOfOrder() async throws {
        let head = Handshake.saslHeader
        for frames in [
            Handshake.outcome,  // before the mechanisms
            Handshake.mechanisms + Handshake.mechanisms,
            Handshake.mechanisms + Handshake.saslFrame(.challenge(SASLChallenge(challenge: [1]))),
            Handshake.mechanisms + Handshake.open,  // an AMQP frame
            Handshake.saslFrame(.saslInit(SASLInit(mechanism: "ANONYMOUS"))),
        ] {
            let error = try await error(head + frames)
            #expect(error.code == .protocolViolation, "\(error)")
        }
        // The AMQP header before SASL has ended, or without it.
        #expect(try await error(head + Handshake.amqpHeader).code == .protocolViolation)
        #expect(try await error(Handshake.amqpHeader).code == .protocolViolation)
    }

    @Test func framesThatAreNoOpen() async throws {
        let authenticated = Handshake.pieces[..<4].flatMap(\.self)
        let begin = frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)))
        let early = try await error(authenticated + begin)
        #expect(early.code == .protocolViolation)
        #expect(early.condition == .illegalState)
        let small = frame(.open(Open(containerID: "small", maxFrameSize: 100)))
        let tooSmall = try await outcome(authenticated + small)
        #expect(tooSmall.condition == .invalidField)
        #expect(tooSmall.scope == .connection)
        let large = try await error(authenticated + [0, 1, 0, 1, 2, 0, 0, 0])
        #expect(large.condition == .framingError)
    }

    /// A server that refuses a connection opens it and closes it at once: specification part 2, section 2.4.1.
    @Test func theServerOpensAndClosesAtOnce() async throws {
        let reason = AMQPErrorInfo(condition: .connectionForced, description: "come back tomorrow")
        let refusal = frame(.close(Close(error: reason)))
        for bytes in [Handshake.open + refusal, refusal] {
            let error = try await outcome(Handshake.pieces[..<4].flatMap(\.self) + bytes)
            #expect(error.code == .connectionClosed)
            #expect(error.condition == .connectionForced)
            #expect(error.message == "come back tomorrow")
        }
    }

    /// The error of opening or, when that was quicker than the bad news, of the first use.
    private func outcome(_ bytes: [UInt8]) async throws -> AMQPError {
        let error = await #expect(throws: AMQPError.self) {
            let connection = try await self.open(bytes, thenHangUp: true)
            _ = try await connection.makeSession()
        }
        return try #require(error)
    }

    /// Below AMQP: a port that does not get through TLS.
    @Test func tlsThatCannotSucceed() async throws {
        let loop = EventLoopGroup.shared.next()
        for answer in [[], [0x16, 0x03, 0x03, 0x00], Array("220 ready\r\n".utf8)] as [[UInt8]] {
            let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
            listener.start { stream in
                _ = try? answer.withUnsafeBytes { try stream.write([$0]) }
                stream.close()
            }
            let endpoint = AMQPEndpoint(host: "127.0.0.1", port: listener.localPort)
            let error = await #expect(throws: AMQPError.self) { _ = try await AMQPConnection.open(to: endpoint) }
            #expect(error?.code == .connectFailed)
            #expect(error?.scope == .transport)
            await listener.close()
        }
    }

    @Test func tlsThatIsNeverAnswered() async throws {
        let loop = EventLoopGroup.shared.next()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
        listener.start { stream in loop.schedule(at: loop.now + .seconds(10)) { stream.close() } }
        var configuration = AMQPConnectionConfiguration()
        configuration.connectTimeout = .milliseconds(200)
        let endpoint = AMQPEndpoint(host: "127.0.0.1", port: listener.localPort)
        let error = await #expect(throws: AMQPError.self) {
            _ = try await AMQPConnection.open(to: endpoint, configuration: configuration)
        }
        #expect(error?.code == .timedOut)
        await listener.close()
    }
}

/// A small generator whose numbers are the same on every machine.
struct SplitMix {
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
