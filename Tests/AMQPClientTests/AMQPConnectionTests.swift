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
import AMQPDriver
import AMQPEngine
import AMQPTransport
import Logging
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AMQPConnectionTests {
    private func failure(
        _ script: TestServer.Script,
        _ configuration: AMQPConnectionConfiguration = AMQPConnectionConfiguration()
    ) async -> AMQPError? {
        await #expect(throws: AMQPError.self) {
            _ = try await TestServer.connect(script, configuration: configuration)
        }
    }

    @Test func opensAndCloses() async throws {
        var configuration = AMQPConnectionConfiguration()
        configuration.closeTimeout = .seconds(50)
        let (connection, server) = try await TestServer.connect(configuration: configuration)
        #expect(connection.remoteContainerID == "test-server")
        await connection.close()
        #expect(await server.waitForEnd() == .connection(.closedByPeer(nil)))
        #expect(await connection.end?.code == .connectionClosed)
        await connection.close()
    }

    @Test func runEndsWithTheConnection() async throws {
        let (connection, _) = try await TestServer.connect()
        async let running: Void = connection.run()
        await connection.close()
        try await running
        try await connection.run()
    }

    @Test func runTellsWhyTheConnectionIsLost() async throws {
        let (connection, server) = try await TestServer.connect()
        let running = Task { try await connection.run() }
        server.vanish()
        let error = await #expect(throws: AMQPError.self) { try await running.value }
        #expect(error?.code == .connectionLost)
    }

    @Test func aCancelledRunDropsTheConnection() async throws {
        let (connection, server) = try await TestServer.connect()
        let running = Task { try await connection.run() }
        running.cancel()
        let error = await #expect(throws: AMQPError.self) { try await running.value }
        #expect(error?.code == .cancelled)
        _ = await server.waitForEnd()
    }

    @Test func aPeerThatDribblesIsUnderstood() async throws {
        let (connection, server) = try await TestServer.connect(capacity: 7, maximumRead: 1)
        _ = try await connection.makeSession()
        await connection.close()
        _ = await server.waitForEnd()
    }

    @Test func thePasswordIsRight() async throws {
        var script = TestServer.Script()
        script.authenticate = { credentials in
            credentials == .plain(authorizationID: "", authenticationID: "me", password: "pass word") ? .ok : .auth
        }
        let configuration = AMQPConnectionConfiguration(sasl: .plain(user: "me", password: "pass word"))
        let (connection, _) = try await TestServer.connect(script, configuration: configuration)
        await connection.close()
    }

    @Test func thePasswordIsWrong() async throws {
        var script = TestServer.Script()
        script.authenticate = { _ in .auth }
        let error = await failure(script, AMQPConnectionConfiguration(sasl: .plain(user: "me", password: "secret")))
        #expect(error?.code == .authenticationFailed)
        #expect(error?.initiator == .remote)
        #expect(error.map { "\($0)" }?.contains("secret") == false)
    }

    @Test func noCommonMechanism() async throws {
        var script = TestServer.Script()
        script.mechanisms = [.plain]
        let error = await failure(script, AMQPConnectionConfiguration(sasl: .external))
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("PLAIN") == true)
    }

    @Test func thePeerNeverAnswers() async throws {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        var configuration = AMQPConnectionConfiguration()
        configuration.connectTimeout = .milliseconds(100)
        let error = await #expect(throws: AMQPError.self) {
            _ = try await AMQPConnection.open(on: near, hostname: "h", configuration: configuration)
        }
        #expect(error?.code == .timedOut)
        withExtendedLifetime(far) {}
    }

    @Test func openingIsCancelled() async throws {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        let task = Task { try await AMQPConnection.open(on: near, hostname: "h") }
        task.cancel()
        let error = await #expect(throws: AMQPError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        withExtendedLifetime(far) {}
    }

    @Test func thePeerClosesTheStream() async throws {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        far.loop.execute { far.close() }
        let error = await #expect(throws: AMQPError.self) {
            _ = try await AMQPConnection.open(on: near, hostname: "h")
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.scope == .transport)
    }

    @Test func nobodyListens() async throws {
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: EventLoopGroup.shared.next())
        await listener.close()
        let endpoint = AMQPEndpoint(host: "127.0.0.1", port: listener.localPort, tls: nil)
        let error = await #expect(throws: AMQPError.self) { _ = try await AMQPConnection.open(to: endpoint) }
        #expect(error?.code == .connectFailed)
        #expect(error?.message.contains("127.0.0.1:\(listener.localPort)") == true)
    }

    @Test func thePeerSpeaksSomethingElse() async throws {
        let loop = EventLoopGroup.shared.next()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
        listener.start { stream in
            let answer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            _ = answer.withUnsafeBytes { bytes in try? stream.write([bytes]) }
            // Kept open: what was said is enough.
            loop.schedule(at: loop.now + .seconds(5)) { stream.close() }
        }
        let endpoint = AMQPEndpoint(host: "127.0.0.1", port: listener.localPort, tls: nil)
        let error = await #expect(throws: AMQPError.self) { _ = try await AMQPConnection.open(to: endpoint) }
        #expect(error?.code == .protocolViolation)
        await listener.close()
    }

    @Test func thePeerClosesWithAnError() async throws {
        let (connection, server) = try await TestServer.connect()
        let session = try await connection.makeSession()
        let receiver = try await session.makeReceiver(from: "node")
        server.command {
            $0.close(error: AMQPErrorInfo(condition: .connectionForced, description: "idle for too long"))
        }
        let error = await #expect(throws: AMQPError.self) { _ = try await receiver.nextBatch() }
        #expect(error?.code == .connectionClosed)
        #expect(error?.scope == .connection)
        #expect(error?.initiator == .remote)
        #expect(error?.condition == .connectionForced)
        #expect(error?.message == "idle for too long")
        let later = await #expect(throws: AMQPError.self) { _ = try await connection.makeSession() }
        #expect(later?.condition == .connectionForced)
        await receiver.close()
        await session.end()
        await connection.close()
    }

    @Test func thePeerVanishes() async throws {
        let (connection, server) = try await TestServer.connect()
        let session = try await connection.makeSession()
        let receiver = try await session.makeReceiver(from: "node")
        let wait = Task { try await receiver.nextBatch() }
        server.vanish()
        let error = await #expect(throws: AMQPError.self) { _ = try await wait.value }
        #expect(error?.code == .connectionLost)
        await connection.close()
    }

    @Test func aSilentPeerIsGivenUp() async throws {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next())
        let server = TestServer(.init(), on: far)
        var configuration = AMQPConnectionConfiguration()
        configuration.idleTimeOut = .seconds(2)
        let connection = try await AMQPConnection.open(on: near, hostname: "h", configuration: configuration)
        let receiver = try await connection.makeSession().makeReceiver(from: "node")
        // From here on nothing that the server writes arrives.
        near.loop.execute { near.discardsInput = true }
        let error = await #expect(throws: AMQPError.self) { _ = try await receiver.nextBatch() }
        #expect(error?.code == .connectionLost)
        #expect(error?.message.contains("silent") == true)
        withExtendedLifetime(server) {}
    }

    @Test func closingIsBounded() async throws {
        let loop = EventLoopGroup.shared.next()
        let (near, far) = InMemoryStream.pair(on: loop)
        let server = TestServer(.init(), on: far)
        var configuration = AMQPConnectionConfiguration()
        configuration.closeTimeout = .milliseconds(100)
        let connection = try await AMQPConnection.open(on: near, hostname: "h", configuration: configuration)
        await withCheckedContinuation { continuation in
            loop.execute {
                far.pauseReading()
                continuation.resume()
            }
        }
        await connection.close()
        #expect(await connection.end?.code == .timedOut)
        withExtendedLifetime(server) {}
    }

    @Test func closingACancelledTaskDoesNotWait() async throws {
        let (connection, server) = try await TestServer.connect()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await connection.close()
        }
        await task.value
        _ = await server.waitForEnd()
    }

    @Test func aConnectionThatNobodyHoldsIsDropped() async throws {
        var connection: AMQPConnection?
        let server: TestServer
        (connection, server) = try await TestServer.connect()
        _ = connection?.remoteContainerID
        connection = nil
        #expect(await server.waitForEnd() != .terminated)
    }

    @Test func scopesNest() async throws {
        let loop = EventLoopGroup.shared.next()
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
        let received = Recorder<[UInt8]>()
        listener.start { stream in
            var script = TestServer.Script()
            script.deliveries = { server, id, batch in
                for delivery in batch { received.record(delivery.copiedBody) }
                server.settle(batch, of: id, as: .accepted)
            }
            _ = TestServer(script, on: stream)
        }
        let endpoint = AMQPEndpoint(host: "localhost", port: listener.localPort, tls: nil)
        let outcome = try await AMQPConnection.withConnection(to: endpoint) { connection in
            try await connection.withSession { session in
                try await session.withSender(to: "node") { sender in
                    try await sender.send(Message(data: [1, 2, 3]))
                }
            }
        }
        #expect(outcome == .accepted)
        #expect(received.values == [[1, 2, 3]])
        await listener.close()
    }
}
