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
import TunnelSupport

@testable import AMQPTransport

@Suite(.timeLimit(.minutes(1)))
struct ProxyTunnelTests {
    private let loop = EventLoopGroup.shared.next()

    private func echo(_ client: any ByteStream, _ server: Server) async -> Bool {
        let client = StreamProbe(client)
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 19) }
        client.write(bytes)
        let peer = StreamProbe(await server.accept())
        let there = await peer.wait(for: bytes.count).0
        peer.write(there)
        let back = await client.wait(for: bytes.count).0
        await client.close()
        await peer.close()
        return back == bytes
    }

    private func failure(_ response: String, credentials: ProxyServer.Credentials? = nil) async throws -> TransportError
    {
        let proxy = try await TunnelingProxy(to: 1, response: response)
        var server = proxy.server
        server.credentials = credentials
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "target.test", port: 5671, proxy: server, on: loop)
        }
        await proxy.close()
        return try #require(error)
    }

    @Test func aPlainConnectionGoesThrough() async throws {
        let server = try await Server()
        let proxy = try await TunnelingProxy(to: server.port)
        let stream = try await Connector.connect(host: "target.test", port: 5672, proxy: proxy.server, on: loop)
        #expect(stream.peer == "target.test:5672")
        #expect(await echo(stream, server))
        // The example of RFC 9110, section 9.3.6, with our host.
        #expect(proxy.requests == ["CONNECT target.test:5672 HTTP/1.1\r\nHost: target.test:5672\r\n\r\n"])
        await proxy.close()
        await server.listener.close()
    }

    @Test func tlsIsSpokenWithTheTargetNotWithTheProxy() async throws {
        let server = try await Server(tls: Certificates.server())
        let proxy = try await TunnelingProxy(to: server.port)
        let stream = try await Connector.connect(
            host: "ns.example.test",
            port: 5671,
            tls: Certificates.client(),
            proxy: proxy.server,
            on: loop
        )
        #expect(await echo(stream, server))
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(
                host: "other.test",
                port: 5671,
                tls: Certificates.client(),
                proxy: proxy.server,
                on: loop
            )
        }
        #expect(error?.code == .hostNameMismatch)
        await proxy.close()
        await server.listener.close()
    }

    @Test func aWebSocketOverTLSGoesThrough() async throws {
        let server = try await Server(
            tls: Certificates.server(),
            webSockets: WebSocketService(paths: ["/ws"], subprotocols: ["amqp"])
        )
        let proxy = try await TunnelingProxy(to: server.port)
        let stream = try await Connector.connect(
            host: "ns.example.test",
            port: 443,
            tls: Certificates.client(),
            webSocket: WebSocketRequest(
                host: "ns.example.test",
                port: 443,
                isSecure: true,
                path: "/ws",
                subprotocol: "amqp"
            ),
            proxy: proxy.server,
            on: loop
        )
        #expect(stream is WebSocketStream)
        #expect(await echo(stream, server))
        #expect(proxy.requests == ["CONNECT ns.example.test:443 HTTP/1.1\r\nHost: ns.example.test:443\r\n\r\n"])
        await proxy.close()
        await server.listener.close()
    }

    @Test func credentialsAreSentAsBasic() async throws {
        let server = try await Server()
        let proxy = try await TunnelingProxy(to: server.port)
        var withPassword = proxy.server
        // The example of RFC 7617, section 2.
        withPassword.credentials = .init(user: "Aladdin", password: "open sesame")
        let stream = try await Connector.connect(host: "::2", port: 5672, proxy: withPassword, on: loop)
        #expect(
            proxy.requests == [
                "CONNECT [::2]:5672 HTTP/1.1\r\nHost: [::2]:5672\r\n"
                    + "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"
            ]
        )
        await StreamProbe(stream).close()
        await proxy.close()
        await server.listener.close()
    }

    @Test func aProxyThatWantsAPassword() async throws {
        let response = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n"
        let without = try await failure(response)
        #expect(without.code == .handshakeRefused)
        #expect(without.reason.hasSuffix("status 407 Proxy Authentication Required: it wants a user and a password"))
        let with = try await failure(response, credentials: .init(user: "me", password: "open sesame"))
        #expect(with.reason.hasSuffix("it does not take user and password"))
        #expect(!"\(with)".contains("sesame") && !"\(with)".contains("bWU6b3BlbiBzZXNhbWU="))
        #expect(with.host == "127.0.0.1")
    }

    @Test func aProxyThatDoesNotLetUsThrough() async throws {
        #expect(try await failure("HTTP/1.1 403 Forbidden\r\n\r\n").code == .handshakeRefused)
        #expect(try await failure("HTTP/1.0 502 Bad Gateway\r\n\r\n").code == .handshakeFailed)
        #expect(try await failure("SSH-2.0-OpenSSH\r\n\r\n").code == .handshakeFailed)
        let talkative = try await failure("HTTP/1.1 204 No Content\r\n\r\nmore")
        #expect(talkative.reason == "the proxy sent more than its answer")
    }

    @Test func aProxyThatIsNotThere() async throws {
        let server = try await Server()
        let gone = ProxyServer(host: "127.0.0.1", port: server.port)
        await server.listener.close()
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "target.test", port: 5671, proxy: gone, on: loop)
        }
        #expect(error?.code == .connectionRefused)
        #expect(error?.host == "127.0.0.1" && error?.port == gone.port)
    }

    @Test func hostNamesCannotCarryHeaders() async throws {
        let proxy = try await TunnelingProxy(to: 1)
        let error = await #expect(throws: TransportError.self) {
            _ = try await Connector.connect(host: "a\r\nX: y", port: 1, proxy: proxy.server, on: loop)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(proxy.requests.isEmpty)
        await proxy.close()
    }
}
