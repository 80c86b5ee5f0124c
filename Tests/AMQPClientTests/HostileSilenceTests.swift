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

/// Servers that do not answer, and servers that send noise: every wait ends.
@Suite(.timeLimit(.minutes(2)))
struct HostileSilenceTests {
    /// Impatient enough for a test, patient enough for the answers that do come on a busy machine.
    private static var impatient: AMQPConnectionConfiguration {
        var configuration = AMQPConnectionConfiguration.strict
        configuration.operationTimeout = .seconds(4)
        configuration.closeTimeout = .seconds(1)
        return configuration
    }

    private func silent(
        about isMeant: @escaping @Sendable (Performative) -> Bool
    ) async throws -> (AMQPConnection, HostileServer) {
        try await HostileServer.connect(configuration: Self.impatient) { _, _, performative in isMeant(performative) }
    }

    @Test func aBeginIsNeverAnswered() async throws {
        let (connection, _) = try await silent { if case .begin = $0 { true } else { false } }
        let error = await #expect(throws: AMQPError.self) { _ = try await connection.makeSession() }
        #expect(error?.code == .timedOut)
        await connection.close()
    }

    @Test func anAttachIsNeverAnswered() async throws {
        let (connection, _) = try await silent {
            switch $0 {
            case .attach, .detach: true
            default: false
            }
        }
        let session = try await connection.makeSession()
        for error in [
            await #expect(throws: AMQPError.self) { _ = try await session.makeReceiver(from: "a") },
            await #expect(throws: AMQPError.self) { _ = try await session.makeSender(to: "a") },
        ] {
            #expect(error?.code == .timedOut)
            #expect(error?.scope == .link)
        }
        await connection.close()
    }

    @Test func aDrainIsNeverAnswered() async throws {
        let (connection, _) = try await silent { if case .flow = $0 { true } else { false } }
        let receiver = try await connection.makeSession().makeReceiver(from: "a")
        let error = await #expect(throws: AMQPError.self) { try await receiver.drain() }
        #expect(error?.code == .timedOut)
        await connection.close()
    }

    @Test func nothingIsEverLetGo() async throws {
        let (connection, _) = try await silent {
            switch $0 {
            case .detach, .end, .close: true
            default: false
            }
        }
        let session = try await connection.makeSession()
        let receiver = try await session.makeReceiver(from: "a")
        let sender = try await session.makeSender(to: "a")
        await receiver.close()
        await sender.close()
        await session.end()
        await connection.close()
        #expect(await connection.end != nil)
    }

    /// A server that answers an attach with another one's name, or the wrong role.
    @Test func anAttachIsAnsweredWrongly() async throws {
        for change in [{ $0.name += "?" }, { $0.role = .sender }] as [@Sendable (inout Attach) -> Void] {
            let (connection, _) = try await HostileServer.connect(configuration: Self.impatient) {
                server,
                channel,
                performative in
                // Not the refusal of the attach that the client never asked for: that would go on for ever.
                guard case .attach(var attach) = performative, attach.source != nil else { return false }
                change(&attach)
                server.accept(attach, on: channel)
                return true
            }
            let session = try await connection.makeSession()
            let error = await #expect(throws: AMQPError.self) { _ = try await session.makeReceiver(from: "a") }
            #expect(error?.code == .timedOut || error?.code == .protocolViolation, "\(error as Any)")
            await connection.close()
        }
    }

    /// The link is accepted, then refused after all, without a detach in between: specification part 2, section 2.6.3.
    @Test func aRefusalWithoutItsDetach() async throws {
        let (connection, _) = try await HostileServer.connect(configuration: Self.impatient) {
            server,
            channel,
            performative in
            guard case .attach(let attach) = performative else { return false }
            server.send(.attach(Attach(name: attach.name, handle: 0, role: .sender)), channel: channel)
            return true
        }
        let session = try await connection.makeSession()
        let error = await #expect(throws: AMQPError.self) { _ = try await session.makeReceiver(from: "a") }
        #expect(error?.code == .timedOut || error?.code == .linkRefused)
        await connection.close()
    }

    @Test(arguments: 0..<40) func noiseOnAnOpenConnection(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let (connection, server) = try await HostileServer.connect()
        let session = try await connection.makeSession()
        let receiver = try await session.makeReceiver(from: "a")
        let sender = try await session.makeSender(to: "a")
        async let received: Void = { while (try? await receiver.nextBatch()) ?? nil != nil {} }()
        async let sent = try? await sender.send(Message(data: [1]))
        for _ in 0..<30 {
            let body = (0..<random.below(50)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Often the start of a performative, so that the noise lies deeper.
            let start: [UInt8] = random.below(3) > 0 ? [0, 0x53, UInt8(0x10 + random.below(9)), 0xC0] : []
            let size: [UInt8] = start.isEmpty ? [] : [UInt8(body.count + 1), UInt8(random.below(14))]
            server.send(rawFrame(start + size + body, channel: UInt8(random.below(2))))
        }
        server.hangUp()
        await received
        _ = await sent
        // The links may have ended before the connection does.
        await #expect(throws: AMQPError.self) { try await connection.run() }
        #expect(await connection.end != nil)
        await connection.close()
    }

    /// Polite answers with single bytes turned over.
    @Test(arguments: 0..<40) func answersWithErrors(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        var stream = Handshake.open
        stream += frame(
            .begin(Begin(remoteChannel: 0, nextOutgoingID: 0, incomingWindow: 100, outgoingWindow: 100))
        )
        stream += frame(.attach(Attach(name: "in", handle: 0, role: .sender, source: Source(address: "a"))))
        for number in 0..<20 as Range<UInt32> { stream += transfer(number, UInt8(number)) }
        for _ in 0...random.below(4) {
            stream[random.below(stream.count)] = UInt8(truncatingIfNeeded: random.next())
        }
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        let bytes = Handshake.pieces[..<4].flatMap(\.self) + stream
        far.loop.execute {
            _ = try? bytes.withUnsafeBytes { try far.write([$0]) }
            far.endWriting()
        }
        do throws(AMQPError) {
            let connection = try await AMQPConnection.open(on: near, hostname: "h", configuration: .strict)
            let session = try await connection.makeSession()
            var options = AMQPReceiverOptions()
            options.name = "in"
            let receiver = try await session.makeReceiver(from: "a", options: options)
            while let batch = try await receiver.nextBatch() { #expect(batch.count <= 20) }
        } catch {
            #expect(!"\(error)".isEmpty)
        }
        withExtendedLifetime(far) {}
    }
}
