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

@Suite struct WebSocketHandshakeTests {
    private let chat = WebSocketRequest(
        host: "server.example.com",
        port: 443,
        isSecure: true,
        path: "/chat",
        subprotocol: "chat"
    )
    private let service = WebSocketService(paths: ["/$servicebus/websocket"], subprotocols: ["AMQPWSB10", "amqp"])

    private func head(_ text: String) throws -> HTTPHead {
        var reader = HTTPHeadReader()
        return try #require(try reader.take(Array(text.utf8)[...])).head
    }

    /// The nonce of RFC 6455, section 1.3, and the answer there.
    private func handshake() throws -> WebSocketClientHandshake {
        try WebSocketClientHandshake(chat, nonce: Array("the sample nonce".utf8))
    }

    private func response(
        _ status: String = "101 Switching Protocols",
        accept: String = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        upgrade: String = "websocket",
        connection: String = "Upgrade",
        more: String = "Sec-WebSocket-Protocol: chat\r\n"
    ) throws -> HTTPHead {
        try head(
            "HTTP/1.1 \(status)\r\nUpgrade: \(upgrade)\r\nConnection: \(connection)\r\nSec-WebSocket-Accept: \(accept)\r\n\(more)\r\n"
        )
    }

    @Test func theRequestOfTheSpecification() throws {
        let request = String(decoding: try handshake().request, as: UTF8.self)
        #expect(
            request == """
                GET /chat HTTP/1.1\r
                Host: server.example.com\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: chat\r
                \r

                """
        )
    }

    @Test func theAnswerOfTheSpecificationIsAccepted() throws {
        try handshake().check(try response())
        try handshake().check(try response(upgrade: "WebSocket", connection: "keep-alive, upgrade"))
    }

    @Test func eachKeyIsAnother() throws {
        let first = try WebSocketClientHandshake(chat).request
        #expect(try WebSocketClientHandshake(chat).request != first)
    }

    @Test func anUnusualPortIsNamed() {
        func authority(_ host: String, _ port: Int, _ isSecure: Bool) -> String {
            WebSocketRequest(host: host, port: port, isSecure: isSecure, path: "/", subprotocol: "amqp").authority
        }
        #expect(authority("a", 443, true) == "a")
        #expect(authority("a", 80, false) == "a")
        #expect(authority("a", 80, true) == "a:80")
        #expect(authority("::1", 5672, false) == "[::1]:5672")
    }

    @Test(arguments: ["", "/a b", "/a\r\nX: y", "/ä"])
    func noOtherHeaderCanBeSmuggledIn(path: String) {
        let wanted = WebSocketRequest(host: "a", port: 80, isSecure: false, path: path, subprotocol: "amqp")
        #expect(throws: TransportError.self) { try WebSocketClientHandshake(wanted) }
    }

    @Test func aServerThatDoesNotUpgradeIsRefused() throws {
        let handshake = try handshake()
        func code(_ head: HTTPHead) -> TransportError.Code? {
            do throws(TransportError) {
                try handshake.check(head)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(try response(accept: "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=")) == .handshakeFailed)
        #expect(code(try response(upgrade: "h2c")) == .handshakeFailed)
        #expect(code(try response(connection: "close")) == .handshakeFailed)
        #expect(code(try response(more: "")) == .handshakeFailed)
        #expect(code(try response(more: "Sec-WebSocket-Protocol: amqp\r\n")) == .handshakeFailed)
        let extensions = "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
        #expect(code(try response(more: extensions)) == .handshakeFailed)
        #expect(code(try response("200 OK")) == .handshakeFailed)
        #expect(code(try response("503 Service Unavailable")) == .handshakeFailed)
        #expect(code(try response("429 Too Many Requests")) == .handshakeFailed)
        #expect(code(try response("404 Not Found")) == .handshakeRefused)
        #expect(code(try response("401 Unauthorized")) == .handshakeRefused)
    }

    // MARK: The server

    private func answer(
        _ line: String = "GET /$servicebus/websocket HTTP/1.1",
        without missing: String = "",
        changing change: (String, String) = ("", "")
    ) throws -> (status: String, isAccepted: Bool, text: String) {
        let fields = [
            "Host: ns.example.test", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: AMQPWSB10",
        ]
        let kept = fields.filter { missing.isEmpty || !$0.hasPrefix(missing) }.map { field in
            !change.0.isEmpty && field.hasPrefix(change.0) ? "\(change.0): \(change.1)" : field
        }
        let head = try head(([line] + kept + ["", ""]).joined(separator: "\r\n"))
        switch WebSocketServerHandshake(service: service).answer(to: head) {
        case .accept(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            return (String(text.prefix(12)), true, text)
        case .refuse(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            return (String(text.prefix(12)), false, text)
        }
    }

    @Test func theServerAnswersAsTheSpecificationSays() throws {
        let (_, isAccepted, text) = try answer()
        #expect(isAccepted)
        #expect(
            text == """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                Sec-WebSocket-Protocol: AMQPWSB10\r
                \r

                """
        )
    }

    @Test(arguments: ["/$servicebus/websocket", "/$servicebus/websocket/", "/%24servicebus/websocket?a=b"])
    func thePathsThatClientsUse(path: String) throws {
        #expect(try answer("GET \(path) HTTP/1.1").isAccepted)
    }

    @Test func theFirstSubprotocolThatBothHaveIsTaken() throws {
        let both = try answer(changing: ("Sec-WebSocket-Protocol", "mqtt, amqp, AMQPWSB10"))
        #expect(both.text.contains("Sec-WebSocket-Protocol: AMQPWSB10\r\n"))
        let one = try answer(changing: ("Sec-WebSocket-Protocol", "mqtt,amqp"))
        #expect(one.text.contains("Sec-WebSocket-Protocol: amqp\r\n"))
    }

    @Test func whatIsRefused() throws {
        #expect(try answer("GET / HTTP/1.1").status == "HTTP/1.1 404")
        #expect(try answer("POST /$servicebus/websocket HTTP/1.1").status == "HTTP/1.1 405")
        #expect(try answer("GET /$servicebus/websocket HTTP/1.0").status == "HTTP/1.1 400")
        for field in ["Upgrade", "Connection"] {
            #expect(try answer(without: field).status == "HTTP/1.1 426")
        }
        let version = try answer(changing: ("Sec-WebSocket-Version", "8"))
        #expect(version.status == "HTTP/1.1 426" && version.text.contains("Sec-WebSocket-Version: 13\r\n"))
        for field in ["Host", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol"] {
            #expect(try answer(without: field).status == "HTTP/1.1 400")
        }
        #expect(try answer(changing: ("Sec-WebSocket-Key", "c2hvcnQ=")).status == "HTTP/1.1 400")
        #expect(try answer(changing: ("Sec-WebSocket-Key", "not base 64")).status == "HTTP/1.1 400")
        #expect(try answer(changing: ("Sec-WebSocket-Protocol", "mqtt")).status == "HTTP/1.1 400")
        #expect(try !answer(without: "Host").isAccepted)
    }
}
