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

import AMQPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BackPressureTests {
    private let loop = EventLoopGroup.shared.next()

    private func pair(tls: Bool) async throws -> (StreamProbe, StreamProbe, Server) {
        let server = try await Server(tls: tls ? Certificates.server() : nil)
        let stream = try await Connector.connect(
            host: "127.0.0.1",
            port: server.port,
            tls: tls ? Certificates.client() : nil,
            on: loop
        )
        return (StreamProbe(stream), StreamProbe(await server.accept()), server)
    }

    @Test(arguments: [false, true]) func aPausedReaderIsNotCalledAndLosesNothing(tls: Bool) async throws {
        let (client, peer, server) = try await pair(tls: tls)
        peer.write([1])
        _ = await client.wait(for: 1)
        await client.onLoop { $0.stream.pauseReading() }
        let events = await client.onLoop { $0.readEvents }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        peer.write(bytes)
        peer.write([])
        // A round trip the other way: the peer's bytes have had their chance.
        client.write([9])
        _ = await peer.wait(for: 1)
        #expect(await client.onLoop { $0.readEvents } == events)
        await client.onLoop { $0.stream.resumeReading() }
        let isWhole = await client.wait(for: bytes.count + 1).0 == [1] + bytes
        #expect(isWhole)
        await client.close()
        await peer.close()
        await server.listener.close()
    }

    @Test(arguments: [false, true]) func aPeerThatGoesWhileReadingIsPausedIsNoticedOnResume(tls: Bool) async throws {
        let (client, peer, server) = try await pair(tls: tls)
        client.write([1])
        _ = await peer.wait(for: 1)
        await client.onLoop { $0.stream.pauseReading() }
        await peer.close()
        client.write([2])
        await client.onLoop { $0.stream.resumeReading() }
        let (_, end) = await client.wait()
        #expect(end != nil)
        await client.close()
        await server.listener.close()
    }

    @Test func aSlowReaderOfMemoryBoundsTheWriter() async throws {
        let (near, far) = InMemoryStream.pair(on: loop, capacity: 10, maximumRead: 3)
        let client = StreamProbe(near)
        let peer = StreamProbe(far)
        let bytes = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
        client.write(bytes)
        #expect(await peer.wait(for: 500).0 == bytes)
        #expect(await peer.onLoop { $0.readEvents } >= 500 / 3)
        await client.close()
        #expect(await peer.wait().1 == .ended)
        await peer.close()
    }

    @Test(arguments: [false, true]) func closingTwiceIsHarmlessAndUseAfterwardsFails(tls: Bool) async throws {
        let (client, peer, server) = try await pair(tls: tls)
        await client.close()
        await client.close()
        client.write([1])
        let (_, end) = await client.wait()
        #expect(end == .failed(TransportError(code: .closed, operation: .write, reason: "")))
        #expect(await peer.wait().1 == .ended)
        await peer.close()
        await server.listener.close()
    }
}
