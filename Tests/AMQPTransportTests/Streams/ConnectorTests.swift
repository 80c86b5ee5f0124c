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

import CPlatform
import Testing

@testable import AMQPTransport

#if canImport(Glibc)
    import Glibc
#endif

@Suite(.timeLimit(.minutes(1)))
struct ConnectorTests {
    private let loop = EventLoopGroup.shared.next()

    @Test func bytesGoBothWays() async throws {
        let server = try await Server()
        let client = StreamProbe(try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop))
        let peer = StreamProbe(await server.accept())
        let there = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        client.write(there)
        peer.write([1, 2, 3])
        let isWhole = await peer.wait(for: there.count).0 == there
        #expect(isWhole)
        #expect(await client.wait(for: 3).0 == [1, 2, 3])
        await client.close()
        #expect(await peer.wait().1 == .ended)
        await peer.close()
        await server.listener.close()
    }

    @Test func aNameWithSeveralAddressesFallsBackToOneThatAnswers() async throws {
        // Where localhost means ::1 too, nobody listens there.
        let server = try await Server()
        let stream = try await Connector.connect(host: "localhost", port: server.port, on: loop)
        await StreamProbe(stream).close()
        await server.listener.close()
    }

    @Test func nobodyListens() async throws {
        let server = try await Server()
        await server.listener.close()
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop)
        }
        #expect(error?.code == .connectionRefused)
        #expect(error?.operation == .connect)
        #expect(error?.host == "127.0.0.1")
        #expect(error.map { "\($0)" }?.hasPrefix("connect 127.0.0.1:\(server.port): Connection refused") == true)
    }

    #if os(Linux)
        @Test func nobodyAnswersInTime() async throws {
            // A listener whose queue is full: the system drops what else comes in.
            let full = FileDescriptor(owning: socket(AF_INET, cplatform_socket_stream(), 0))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.bind(full.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(bound == 0)
            #expect(listen(full.rawValue, 0) == 0)
            let port = try #require(SocketAddress.local(of: full.rawValue)).port
            var queued: [any ByteStream] = []
            let error = await #expect(throws: TransportError.self) {
                for _ in 0..<16 {
                    queued.append(
                        try await Connector.connect(
                            host: "127.0.0.1",
                            port: port,
                            timeout: .milliseconds(200),
                            on: loop
                        )
                    )
                }
            }
            #expect(error?.code == .timedOut)
            #expect(error?.operation == .connect)
            #expect(error?.port == port)
            for stream in queued { await StreamProbe(stream).close() }
        }
    #endif

    @Test func unknownNames() async throws {
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "no-such-host.invalid", port: 5671, on: loop)
        }
        #expect([.resolutionFailed, .other].contains(error?.code))
        #expect(error?.host == "no-such-host.invalid")
    }

    @Test(arguments: [("", 5672), ("127.0.0.1", -1), ("127.0.0.1", 65_536)])
    func nonsense(host: String, port: Int) async throws {
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: host, port: port, on: loop)
        }
        #expect(error?.code == .resolutionFailed)
    }

    @Test func cancellationEndsTheWait() async throws {
        // A listener that is never started lets connections in but a TLS handshake gets no answer.
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
        let task = Task {
            try await Connector.connect(
                host: "127.0.0.1",
                port: listener.localPort,
                tls: Certificates.client(),
                timeout: .seconds(60),
                on: loop
            )
        }
        task.cancel()
        let error = await #expect(throws: TransportError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        await listener.close()
    }

    @Test func addressFamiliesTakeTurns() async throws {
        func address(_ host: String) async throws -> SocketAddress {
            try await withCheckedContinuation { continuation in
                Resolver.shared.resolve(host: host, port: 1) { continuation.resume(returning: $0) }
            }
            .get()[0]
        }
        let list = [
            try await address("::1"), try await address("::2"), try await address("::3"), try await address("1.1.1.1"),
        ]
        #expect(ConnectionAttempt.interleaved(list).map(\.host) == ["::1", "1.1.1.1", "::2", "::3"])
        #expect(ConnectionAttempt.interleaved([]).isEmpty)
    }

    @Test func theEndOfThePeersWritingLeavesOursOpen() async throws {
        let (near, far) = InMemoryStream.pair(on: loop)
        let client = StreamProbe(near)
        let peer = StreamProbe(far)
        far.endWriting()
        #expect(await client.wait().1 == .ended)
        client.write([7])
        #expect(await peer.wait(for: 1).0 == [7])
        await client.close()
        await peer.close()
    }

    /// What a peer wrote before it went, and that it went, wait for a reader that comes later.
    @Test(arguments: [[], [7], Array(1...20)] as [[UInt8]])
    func bytesAndEndWaitForTheReader(bytes: [UInt8]) async throws {
        let (near, far) = InMemoryStream.pair(on: loop, maximumRead: 3)
        await withCheckedContinuation { continuation in
            loop.execute {
                _ = try? bytes.withUnsafeBytes { try far.write([$0]) }
                far.endWriting()
                // Behind what the end has put on the loop.
                far.loop.execute { continuation.resume() }
            }
        }
        let client = StreamProbe(near)
        let (received, end) = await client.wait()
        #expect(received == bytes)
        #expect(end == .ended)
        await client.close()
    }

    @Test func anAddressInUse() async throws {
        let server = try await Server()
        let error = await #expect(throws: TransportError.self) {
            _ = try await Listener.bind(host: "127.0.0.1", port: server.port, on: loop)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.operation == .bind)
        await server.listener.close()
    }
}
