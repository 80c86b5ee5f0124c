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

@Suite(.timeLimit(.minutes(2)))
struct WebSocketStreamTests {
    private let loop = EventLoopGroup.shared.next()
    private let service = WebSocketService(paths: ["/ws"], subprotocols: ["amqp"])

    private func request(port: Int, isSecure: Bool = false, path: String = "/ws/") -> WebSocketRequest {
        WebSocketRequest(host: "localhost", port: port, isSecure: isSecure, path: path, subprotocol: "amqp")
    }

    /// A stream of ours on one end of a pair, and a probe that speaks raw bytes on the other.
    private func pair(
        _ role: WebSocketStream.Role,
        capacity: Int = 65_536,
        maximumRead: Int = .max,
        early: [UInt8] = []
    ) -> (ours: StreamProbe, peer: StreamProbe) {
        let (near, far) = InMemoryStream.pair(on: loop, capacity: capacity, maximumRead: maximumRead)
        return (StreamProbe(WebSocketStream(over: near, as: role, early: early)), StreamProbe(far))
    }

    @Test(arguments: [false, true]) func bytesGoBothWays(isSecure: Bool) async throws {
        let server = try await Server(tls: isSecure ? Certificates.server() : nil, webSockets: service)
        let client = StreamProbe(
            try await Connector.connect(
                host: "localhost",
                port: server.port,
                tls: isSecure ? Certificates.client() : nil,
                webSocket: request(port: server.port, isSecure: isSecure),
                on: loop
            )
        )
        #expect(client.stream is WebSocketStream)
        let there = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        let back = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        client.write(there)
        let peer = StreamProbe(await server.accept())
        #expect(peer.stream is WebSocketStream)
        peer.write(back)
        let isWholeThere = await peer.wait(for: there.count).0 == there
        let isWholeBack = await client.wait(for: back.count).0 == back
        #expect(isWholeThere && isWholeBack)
        await peer.close()
        #expect(await client.wait().1 == .ended)
        await client.close()
        await server.listener.close()
    }

    @Test(arguments: [false, true]) func plainClientsShareThePort(isSecure: Bool) async throws {
        let server = try await Server(tls: isSecure ? Certificates.server() : nil, webSockets: service)
        let tls = isSecure ? Certificates.client() : nil
        let stream = try await Connector.connect(host: "localhost", port: server.port, tls: tls, on: loop)
        let client = StreamProbe(stream)
        client.write(Array("AMQP\u{0}\u{1}\u{0}\u{0}".utf8))
        let peer = StreamProbe(await server.accept())
        #expect(!(peer.stream is WebSocketStream))
        #expect(await peer.wait(for: 8).0 == Array("AMQP\u{0}\u{1}\u{0}\u{0}".utf8))
        await client.close()
        await peer.close()
        await server.listener.close()
    }

    @Test(arguments: [WebSocketStream.Role.client, .server]) func smallStepsBothWays(role: WebSocketStream.Role)
        async throws
    {
        let (near, far) = InMemoryStream.pair(on: loop, capacity: 7, maximumRead: 3)
        let ours = StreamProbe(WebSocketStream(over: near, as: role, early: []))
        let peer = StreamProbe(WebSocketStream(over: far, as: role == .client ? .server : .client, early: []))
        let bytes = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 11) }
        ours.write(bytes)
        peer.write(bytes)
        #expect(await ours.wait(for: bytes.count).0 == bytes)
        #expect(await peer.wait(for: bytes.count).0 == bytes)
        await ours.close()
        #expect(await peer.wait().1 == .ended)
        await peer.close()
    }

    @Test func aServersFramesAreNotMasked() async throws {
        let (ours, peer) = pair(.server)
        ours.write([1, 2, 3])
        #expect(await peer.wait(for: 5).0 == hex("82 03 010203"))
        await ours.close()
        #expect(await peer.wait(for: 9).0 == hex("82 03 010203 88 02 03e8"))
        await peer.close()
    }

    @Test func aClientMasksEachFrameWithAnotherKey() async throws {
        let (ours, peer) = pair(.client)
        ours.write([1, 2, 3])
        let first = await peer.wait(for: 9).0
        ours.write([1, 2, 3])
        let both = await peer.wait(for: 18).0
        let second = Array(both.dropFirst(9))
        for frame in [first, second] {
            #expect(Array(frame.prefix(2)) == hex("82 83"))
            #expect(zip(frame.dropFirst(6), frame.dropFirst(2)).map { $0 ^ $1 } == [1, 2, 3])
        }
        // Two keys of 32 random bits are the same once in four thousand million runs.
        #expect(first[2..<6] != second[2..<6])
        await ours.close()
        await peer.close()
    }

    @Test(arguments: [1, 4_096]) func fragmentsAndPings(maximumRead: Int) async throws {
        let (ours, peer) = pair(.server, maximumRead: maximumRead)
        // A message in two frames with a ping between them.
        peer.write(hex("02 82 00000000 0102 89 82 01010101 4968 80 81 02020202 01"))
        #expect(await ours.wait(for: 3).0 == [1, 2, 3])
        #expect(await peer.wait(for: 4).0 == hex("8a 02 4869"))
        await ours.close()
        await peer.close()
    }

    @Test func bytesBehindTheHandshakeAreNotLost() async throws {
        let (ours, peer) = pair(.client, early: hex("82 02 0506 82"))
        #expect(await ours.wait(for: 2).0 == [5, 6])
        peer.write(hex("01 07"))
        #expect(await ours.wait(for: 3).0 == [5, 6, 7])
        await ours.close()
        await peer.close()
    }

    @Test func aCloseIsAnsweredWithItsCode() async throws {
        let (ours, peer) = pair(.server)
        peer.write(hex("82 81 00000000 09 88 82 00000000 03e9"))
        let (bytes, end) = await ours.wait()
        #expect(bytes == [9] && end == .ended)
        #expect(await peer.wait(for: 4).0 == hex("88 02 03e9"))
        await ours.close()
        #expect(await peer.wait().1 == .ended)
        await peer.close()
    }

    @Test func aCloseForAReasonIsAnError() async throws {
        let (ours, peer) = pair(.client)
        peer.write(hex("88 06 03f3 6f6f7073"))
        guard case .failed(let error) = await ours.wait().1 else {
            Issue.record("no error")
            return
        }
        #expect(error.code == .connectionReset)
        #expect(error.reason == "the peer closed the WebSocket with code 1011: oops")
        await ours.close()
        await peer.close()
    }

    @Test func ourCloseWaitsForThePeers() async throws {
        let (ours, peer) = pair(.server)
        ours.write([1])
        #expect(await peer.wait(for: 3).0 == hex("82 01 01"))
        await ours.close()
        // Bytes that were on their way, then the peer's close: only then the stream below ends.
        peer.write(hex("82 81 00000000 05 88 82 00000000 03e8"))
        let (bytes, end) = await peer.wait()
        #expect(bytes == hex("82 01 01 88 02 03e8") && end == .ended)
        await peer.close()
    }

    @Test(arguments: [
        ("82 01 01", "88 1d 03ea", "not masked"), ("f2 80 00000000", "88 22 03ea", "reserved bits"),
        ("81 80 00000000", "88 38 03eb", "a text message"),
        ("82 ff 0000000001000001 00000000", "88 27 03f1", "16777216"),
    ])
    func violationsAreToldAndEndTheStream(bytes: String, close: String, words: String) async throws {
        let (ours, peer) = pair(.server)
        peer.write(hex(bytes))
        guard case .failed(let error) = await ours.wait().1 else {
            Issue.record("no error")
            return
        }
        #expect(error.code == .protocolViolation)
        #expect(error.reason.contains(words))
        await ours.close()
        let (received, end) = await peer.wait()
        #expect(Array(received.prefix(1)) == Array(hex(close).prefix(1)))
        #expect(Array(received.dropFirst(2).prefix(2)) == Array(hex(close).dropFirst(2)))
        #expect(end == .ended)
        await peer.close()
    }

    @Test func aFloodOfPingsIsAnsweredWithinBounds() async throws {
        // The peer never reads: one answer is kept, whatever comes.
        let (near, far) = InMemoryStream.pair(on: loop, capacity: 64)
        let ours = StreamProbe(WebSocketStream(over: near, as: .client, early: []))
        let ping = hex("89 08 0102030405060708")
        for _ in 0..<200 {
            await withCheckedContinuation { continuation in
                loop.execute {
                    _ = try? ping.withUnsafeBytes { try far.write([$0]) }
                    continuation.resume()
                }
            }
        }
        let peer = StreamProbe(far)
        peer.write(hex("82 01 2a"))
        #expect(await ours.wait(for: 1).0 == [42])
        // What had room, and the last one behind it.
        let received = await peer.onLoop { $0.received }
        #expect(received.count <= 64 + 14 * 8)
        await ours.close()
        await peer.close()
    }

    // MARK: Handshakes over sockets

    private func failure(answering response: String) async throws -> TransportError? {
        let server = try await Server()
        async let accepted = server.accept()
        let task = Task {
            try await Connector.connect(
                host: "127.0.0.1",
                port: server.port,
                webSocket: request(port: server.port),
                timeout: .seconds(30),
                on: loop
            )
        }
        let peer = StreamProbe(await accepted)
        _ = await peer.wait(for: 100)
        peer.write(Array(response.utf8))
        if response.isEmpty { await peer.close() }
        let error = await #expect(throws: TransportError.self) { _ = try await task.value }
        await peer.close()
        await server.listener.close()
        return error
    }

    @Test func serversThatDoNotUpgrade() async throws {
        let notFound = try await failure(answering: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        #expect(notFound?.code == .handshakeRefused)
        #expect(notFound?.reason == "the server answered with status 404 Not Found")
        #expect(notFound?.host == "127.0.0.1")
        #expect(try await failure(answering: "AMQP\u{3}\u{1}\u{0}\u{0}")?.code == .handshakeFailed)
        #expect(try await failure(answering: String(repeating: "x", count: 20_000))?.code == .handshakeFailed)
        #expect(try await failure(answering: "")?.code == .handshakeFailed)
        let accept = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        let wrong = try await failure(answering: accept + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
        #expect(wrong?.reason.contains("Sec-WebSocket-Accept") == true)
    }

    @Test func aServerThatDoesNotAnswerIsGivenUp() async throws {
        let server = try await Server()
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(
                host: "127.0.0.1",
                port: server.port,
                webSocket: request(port: server.port),
                timeout: .milliseconds(200),
                on: loop
            )
        }
        #expect(error?.code == .timedOut)
        await server.listener.close()
    }

    @Test func aListenerTellsWhatItDoesNotServe() async throws {
        let server = try await Server(webSockets: service)
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(
                host: "127.0.0.1",
                port: server.port,
                webSocket: request(port: server.port, path: "/other"),
                on: loop
            )
        }
        #expect(error?.code == .handshakeRefused)
        let client = StreamProbe(try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop))
        client.write(Array("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let (bytes, end) = await client.wait()
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
        #expect(end == .ended)
        await client.close()
        await server.listener.close()
    }

    @Test func clientsThatSayNothingAreDropped() async throws {
        var limits = Listener.Limits()
        limits.handshakeTimeout = .milliseconds(100)
        let server = try await Server(webSockets: service, limits: limits)
        for start in ["", "G", "GET /ws HTTP/1.1\r\nHost: a\r\n"] {
            let client = StreamProbe(try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop))
            client.write(Array(start.utf8))
            #expect(await client.wait().1 != nil)
            await client.close()
        }
        await server.listener.close()
    }
}
