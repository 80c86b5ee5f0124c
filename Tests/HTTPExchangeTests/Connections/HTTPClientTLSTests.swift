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

@testable import HTTPExchange

@Suite(.timeLimit(.minutes(5))) struct HTTPClientTLSTests {
    private static func path(_ name: String, file: String = #filePath) -> String {
        let root = file.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/Fixtures/Certificates/\(name).pem"
    }

    private func client(trusting authority: String, serverName: String? = nil) -> HTTPClient {
        var configuration = HTTPClient.Configuration(maximumResponseSize: 1_000_000, maximumConnections: 2)
        // No test waits that long, however slow its machine.
        configuration.idleLimit = .seconds(3_600)
        configuration.tls = TLSConfiguration(
            trustedCertificates: .file(Self.path(authority)),
            serverName: serverName
        )
        return HTTPClient(configuration)
    }

    private func server(_ certificate: String = "server", _ script: @escaping ScriptedServer.Script) async throws
        -> ScriptedServer
    {
        try await ScriptedServer(
            tls: .server(
                certificateChainFile: Self.path(certificate),
                privateKeyFile: Self.path(certificate + "-key")
            ),
            script: script
        )
    }

    @Test func requestsOverOneConnection() async throws {
        let server = try await server { .ok("\($0.number)") }
        let client = client(trusting: "ca")
        for number in 0..<3 {
            #expect(try await client.send(HTTPRequest("GET", server.url)).body == Array("\(number)".utf8))
        }
        #expect(server.connectionCount == 1)
        await server.close()
    }

    @Test func largeBodiesBothWays() async throws {
        let server = try await server { .ok(String($0.text.suffix(1_000_000))) }
        let body = (0..<1_000_000).map { UInt8(ascii: "a") + UInt8($0 % 23) }
        let response = try await client(trusting: "ca").send(HTTPRequest("POST", server.url, body: body))
        #expect(response.body == body)
        await server.close()
    }

    @Test(arguments: [("server", "other-ca", nil), ("server", "ca", "elsewhere.example.org"), ("expired", "ca", nil)])
    func serverThatCannotBeTrusted(certificate: String, authority: String, name: String?) async throws {
        let server = try await server(certificate) { _ in .ok() }
        let client = client(trusting: authority, serverName: name)
        let url = server.url
        let error = await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest("GET", url)) }
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(server.requests.isEmpty)
        await server.close()
    }

    @Test func plainServerWhereTLSIsMeant() async throws {
        let server = try await ScriptedServer { _ in .ok() }
        let url = "https" + server.url.dropFirst("http".count)
        let client = client(trusting: "ca")
        let request = Task { try await client.send(HTTPRequest("GET", url)) }
        // It waits for the end of a head in the client's first bytes, which are none.
        await server.wait { $0.connectionCount == 1 }
        await server.send(.text("HTTP/1.1 400 Bad Request\r\n\r\n", ends: true), on: 0)
        let error = await #expect(throws: HTTPFailure.self) { try await request.value }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await server.close()
    }
}
