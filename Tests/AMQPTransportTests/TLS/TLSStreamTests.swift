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
struct TLSStreamTests {
    private let loop = EventLoopGroup.shared.next()

    private func connect(
        _ server: Server,
        host: String = "localhost",
        tls: TLSConfiguration = Certificates.client(),
        timeout: Duration = .seconds(20)
    ) async throws -> any ByteStream {
        try await Connector.connect(host: host, port: server.port, tls: tls, timeout: timeout, on: loop)
    }

    private func failure(
        certificate: String = "server",
        host: String = "localhost",
        tls: TLSConfiguration
    ) async throws -> TransportError? {
        let server = try await Server(tls: Certificates.server(certificate))
        let error = await #expect(throws: TransportError.self) {
            _ = try await connect(server, host: host, tls: tls)
        }
        await server.listener.close()
        return error
    }

    @Test(arguments: ["localhost", "127.0.0.1"]) func bytesGoBothWays(host: String) async throws {
        let server = try await Server(tls: Certificates.server())
        let client = StreamProbe(try await connect(server, host: host))
        let peer = StreamProbe(await server.accept())
        let there = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        let back = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        client.write(there)
        peer.write(back)
        let isWholeThere = await peer.wait(for: there.count).0 == there
        let isWholeBack = await client.wait(for: back.count).0 == back
        #expect(isWholeThere && isWholeBack)
        await peer.close()
        #expect(await client.wait().1 == .ended)
        await client.close()
        await server.listener.close()
    }

    @Test func theCertificateMustNameTheHost() async throws {
        let error = try await failure(tls: Certificates.client(serverName: "wrong.example.org"))
        #expect(error?.code == .hostNameMismatch)
        #expect(error?.host == "localhost")
        #expect(error?.reason.contains("hostname mismatch") == true)
    }

    @Test func theCertificateMustNameTheAddress() async throws {
        let error = try await failure(tls: Certificates.client(serverName: "127.0.0.9"))
        #expect(error?.code == .hostNameMismatch)
    }

    @Test func aWildcardNamesHostsOfItsDomain() async throws {
        let server = try await Server(tls: Certificates.server())
        let stream = try await connect(server, tls: Certificates.client(serverName: "ns.example.test"))
        await StreamProbe(stream).close()
        await server.listener.close()
        let error = try await failure(tls: Certificates.client(serverName: "a.ns.example.test"))
        #expect(error?.code == .hostNameMismatch)
    }

    @Test func theAuthorityMustBeTrusted() async throws {
        let other = try await failure(tls: Certificates.client(trusting: "other-ca"))
        #expect(other?.code == .untrustedCertificate)
        let system = try await failure(tls: TLSConfiguration())
        #expect(system?.code == .untrustedCertificate)
        #expect(system?.operation == .handshake)
    }

    @Test func anExpiredCertificate() async throws {
        let error = try await failure(certificate: "expired", tls: Certificates.client())
        #expect(error?.code == .expiredCertificate)
        #expect(error?.reason.contains("expired") == true)
    }

    @Test func verificationCanBeSwitchedOff() async throws {
        let server = try await Server(tls: Certificates.server("expired"))
        let stream = try await connect(server, tls: TLSConfiguration(verification: .none))
        await StreamProbe(stream).close()
        await server.listener.close()
    }

    @Test func aClientCertificateIsDemanded() async throws {
        let server = try await Server(tls: Certificates.server(clients: .required))
        var tls = Certificates.client()
        tls.certificateChainFile = Certificates.path("client")
        tls.privateKeyFile = Certificates.path("client-key")
        let client = StreamProbe(try await connect(server, tls: tls))
        let peer = StreamProbe(await server.accept())
        client.write([5])
        #expect(await peer.wait(for: 1).0 == [5])
        await client.close()
        await peer.close()

        // In TLS 1.3 the client is done before the server has judged it: the refusal is what it reads.
        let refused = StreamProbe(try await connect(server))
        guard case .failed(let error) = await refused.wait().1 else {
            Issue.record("a connection without a client certificate was accepted")
            return
        }
        #expect(error.code == .handshakeFailed)
        #expect(error.reason.contains("certificate required"))
        await refused.close()
        await server.listener.close()
    }

    @Test func aServerThatSpeaksNoTLS() async throws {
        let server = try await Server()
        let attempt = Task { try await connect(server) }
        let peer = StreamProbe(await server.accept())
        peer.write(Array("AMQP\u{0}\u{1}\u{0}\u{0} and no TLS at all".utf8))
        let error = await #expect(throws: TransportError.self) { _ = try await attempt.value }
        #expect(error?.code == .handshakeFailed)
        #expect(error?.reason.contains("wrong version number") == true)
        await peer.close()
        await server.listener.close()
    }

    @Test func aServerThatClosesDuringTheHandshake() async throws {
        let server = try await Server()
        let attempt = Task { try await connect(server) }
        await StreamProbe(await server.accept()).close()
        let error = await #expect(throws: TransportError.self) { _ = try await attempt.value }
        #expect([.handshakeFailed, .connectionReset].contains(error?.code))
        await server.listener.close()
    }

    @Test func aServerThatNeverAnswersTheHandshake() async throws {
        let server = try await Server()
        let error = await #expect(throws: TransportError.self) {
            _ = try await connect(server, timeout: .milliseconds(150))
        }
        #expect(error?.code == .timedOut)
        await server.listener.close()
    }

    @Test func clientsThatNeverCompleteTheirHandshakeMakeRoom() async throws {
        var limits = Listener.Limits()
        limits.pendingHandshakes = 2
        limits.handshakeTimeout = .milliseconds(200)
        let server = try await Server(tls: Certificates.server(), limits: limits)
        var silent: [StreamProbe] = []
        for _ in 0..<4 {
            silent.append(StreamProbe(try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop)))
        }
        // Its turn comes when the silent ones have been given up, two by two.
        let client = StreamProbe(try await connect(server))
        let peer = StreamProbe(await server.accept())
        client.write([1])
        #expect(await peer.wait(for: 1).0 == [1])
        for probe in silent {
            #expect(await probe.wait().1 != nil)
            await probe.close()
        }
        await client.close()
        await peer.close()
        await server.listener.close()
    }

    @Test func aClosedListenerGivesUpItsHandshakes() async throws {
        let server = try await Server(tls: Certificates.server())
        let silent = StreamProbe(try await Connector.connect(host: "127.0.0.1", port: server.port, on: loop))
        silent.write([22])
        await server.listener.close()
        #expect(await silent.wait().1 != nil)
        await silent.close()
    }

    @Test(arguments: [
        TLSConfiguration(trustedCertificates: .file("/no/such/file.pem")),
        TLSConfiguration(certificateChainFile: "/no/such/chain.pem", privateKeyFile: "/no/such/key.pem"),
        TLSConfiguration(certificateChainFile: Certificates.path("client")),
        TLSConfiguration(
            certificateChainFile: Certificates.path("client"),
            privateKeyFile: Certificates.path("server-key")
        ),
    ])
    func badConfiguration(tls: TLSConfiguration) async throws {
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "localhost", port: 1, tls: tls, on: loop)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.operation == .configure)
    }
}
