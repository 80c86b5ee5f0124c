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

/// Which WebSocket a client wants.
package struct WebSocketRequest: Sendable, Hashable {
    /// The value of `Host`: the server's name, with its port unless that is the usual one.
    package var authority: String
    /// The path, as it is sent.
    package var path: String
    /// What the WebSocket shall carry.
    package var subprotocol: String

    package init(host: String, port: Int, isSecure: Bool, path: String, subprotocol: String) {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        authority = port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
        self.path = path
        self.subprotocol = subprotocol
    }
}

/// The client's half of the opening handshake (RFC 6455, section 4.1).
struct WebSocketClientHandshake {
    /// What the client sends.
    let request: [UInt8]
    private let accept: String
    private let subprotocol: String

    /// Writes the request, with a nonce of 16 random bytes. It fails with `.invalidConfiguration` when it cannot be written.
    init(_ wanted: WebSocketRequest, nonce: [UInt8] = randomBytes(16)) throws(TransportError) {
        for text in [wanted.authority, wanted.path, wanted.subprotocol]
        where text.isEmpty || !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw TransportError(
                code: .invalidConfiguration,
                operation: .configure,
                reason: "a WebSocket's host, path and subprotocol are visible ASCII characters"
            )
        }
        let key = Base64.encode(nonce)
        let text = """
            GET \(wanted.path) HTTP/1.1\r
            Host: \(wanted.authority)\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: \(key)\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: \(wanted.subprotocol)\r
            \r

            """
        request = Array(text.utf8)
        accept = Self.accept(for: key)
        subprotocol = wanted.subprotocol
    }

    /// Checks the server's answer.
    ///
    /// - Throws: `TransportError`: `.handshakeRefused` or `.handshakeFailed`.
    func check(_ head: HTTPHead) throws(TransportError) {
        let response: HTTPResponseHead
        do throws(HTTPHeadError) {
            response = try HTTPResponseHead(head)
        } catch {
            throw Self.failure("not HTTP: \(error)")
        }
        guard response.status == 101 else { throw TransportError(refusal: response, by: "the server") }
        guard response.fields.value(of: "Upgrade")?.lowercased() == "websocket",
            response.fields.list(of: "Connection", contains: "upgrade")
        else { throw Self.failure("the server's answer is no upgrade to a WebSocket") }
        guard response.fields.value(of: "Sec-WebSocket-Accept") == accept else {
            throw Self.failure("the server's Sec-WebSocket-Accept does not belong to our key")
        }
        guard response.fields.values(of: "Sec-WebSocket-Extensions").isEmpty else {
            throw Self.failure("the server uses an extension that was not asked for")
        }
        guard response.fields.value(of: "Sec-WebSocket-Protocol") == subprotocol else {
            throw Self.failure("the server did not accept the subprotocol \(subprotocol)")
        }
    }

    /// What the server has to answer to a key.
    static func accept(for key: String) -> String {
        Base64.encode(sha1(Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
    }

    private static func failure(_ reason: String) -> TransportError {
        TransportError(code: .handshakeFailed, operation: .handshake, reason: reason)
    }
}
