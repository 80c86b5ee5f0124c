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
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectionDriverTests {
    /// Keeps what a driver says.
    private final class Listener: ConnectionDriverHandler, Sendable {
        let events = Recorder<EngineEvent>()
        let ends = Recorder<DriverEnd>()

        func handle(_ event: EngineEvent) { events.record(event) }
        func terminated(_ end: DriverEnd) { ends.record(end) }
    }

    private let loop = EventLoopGroup.shared.next()

    private func driver(
        _ role: EngineConfiguration.Role,
        on stream: InMemoryStream,
        configure: (inout EngineConfiguration) -> Void = { _ in }
    ) -> (ConnectionDriver, Listener) {
        var configuration = EngineConfiguration(role: role, containerID: "c", hostname: "h")
        configure(&configuration)
        let slabs = SlabPool()
        let engine = Engine(configuration: configuration, slabs: slabs, now: loop.now)
        let driver = ConnectionDriver(engine: engine, stream: stream, slabs: slabs)
        let listener = Listener()
        loop.execute { driver.start(handler: listener) }
        return (driver, listener)
    }

    @Test func theEndIsReportedOnce() async throws {
        let (near, far) = InMemoryStream.pair(on: loop)
        let (client, listener) = driver(.client(credentials: []), on: near)
        let (_, serverListener) = driver(.server(mechanisms: [], requiresSASL: false), on: far)
        loop.execute {
            client.withEngine { engine in
                engine.open()
                engine.close()
            }
        }
        #expect(await listener.ends.wait()[0] == .connection(.closedLocally(answer: nil)))
        #expect(await serverListener.ends.wait()[0] == .connection(.closedByPeer(nil)))
        await withCheckedContinuation { continuation in
            loop.execute {
                client.terminate()
                client.streamFailed(TransportError(code: .closed, operation: .read, reason: "late"))
                client.streamReadable()
                continuation.resume()
            }
        }
        #expect(listener.ends.values.count == 1)
        #expect(serverListener.ends.values.count == 1)
    }

    @Test func aPeerThatReadsNothingDoesNotKeepAClosedConnection() async throws {
        // One byte fits: the client's last frames never leave.
        let (near, far) = InMemoryStream.pair(on: loop, capacity: 1)
        let (client, listener) = driver(.client(credentials: []), on: near) { configuration in
            configuration.closeTimeout = .milliseconds(20)
            configuration.handshakeTimeout = .milliseconds(20)
        }
        loop.execute { client.withEngine { $0.open() } }
        #expect(await listener.ends.wait()[0] == .connection(.handshakeTimedOut))
        withExtendedLifetime(far) {}
    }

    @Test func theStreamFails() async throws {
        let (near, far) = InMemoryStream.pair(on: loop)
        let (client, listener) = driver(.client(credentials: []), on: near)
        let error = TransportError(code: .connectionReset, operation: .read, reason: "reset")
        loop.execute { client.streamFailed(error) }
        #expect(await listener.ends.wait() == [.transport(error)])
        withExtendedLifetime(far) {}
    }

    /// Kept messages keep their slabs: at the budget the peer has to wait, and its silence is not held against it.
    @Test func readingPausesAtTheSlabBudget() async throws {
        let links = Recorder<LinkID>()
        var script = TestServer.Script()
        script.link = { server, id, _, attach in
            server.accept(id, attach)
            links.record(id)
        }
        var configuration = AMQPConnectionConfiguration()
        configuration.slabs = SlabPool(slabSize: 65_536, maximumRetained: 4, byteLimit: 4 * 65_536)
        configuration.idleTimeOut = .seconds(5)
        let (connection, server) = try await TestServer.connect(script, configuration: configuration, capacity: 8_192)
        let receiver = try await connection.makeSession().makeReceiver(from: "node")
        let message = Message(data: [UInt8](repeating: 1, count: 10_000))
        server.send([Message](repeating: message, count: 100), on: await links.wait()[0], settled: true)

        var kept: [DeliveryBatch] = []
        var count = 0
        // Longer than the idle time-out without a message: reading has stopped.
        while case .batch(let batch) = try await receiver.nextBatch(maximumCount: 10, maximumWait: .seconds(7)) {
            kept.append(batch)
            count += batch.count
        }
        #expect(count < 60)
        #expect(configuration.slabs.leasedBytes < 8 * 65_536)
        kept = []
        while count < 100, let batch = try await receiver.nextBatch() { count += batch.count }
        #expect(count == 100)
        await connection.close()
    }
}
