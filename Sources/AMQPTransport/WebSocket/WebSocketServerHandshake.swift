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

/// Which WebSockets a listener serves.
package struct WebSocketService: Sendable, Hashable {
    /// The paths, without a slash at the end; one more there is taken too.
    package var paths: [String]
    /// What the WebSockets may carry, the first choice first.
    package var subprotocols: [String]

    package init(paths: [String], subprotocols: [String]) {
        self.paths = paths
        self.subprotocols = subprotocols
    }
}

/// The server's half of the opening handshake (RFC 6455, section 4.2).
struct WebSocketServerHandshake {
    enum Answer: Sendable, Equatable {
        /// The response; frames follow it.
        case accept([UInt8])
        /// The response; the connection ends with it.
        case refuse([UInt8])
    }

    let service: WebSocketService

    func answer(to head: HTTPHead) -> Answer {
        guard let request = try? HTTPRequestHead(head) else { return Self.refusal("400 Bad Request") }
        guard service.paths.contains(Self.path(of: request.target)) else { return Self.refusal("404 Not Found") }
        guard request.method == "GET" else { return Self.refusal("405 Method Not Allowed", "Allow: GET") }
        let fields = request.fields
        guard fields.list(of: "Upgrade", contains: "websocket"), fields.list(of: "Connection", contains: "upgrade")
        else {
            return Self.refusal("426 Upgrade Required", "Upgrade: websocket", "Connection: Upgrade")
        }
        guard fields.value(of: "Sec-WebSocket-Version") == "13" else {
            return Self.refusal("426 Upgrade Required", "Sec-WebSocket-Version: 13")
        }
        guard fields.value(of: "Host") != nil, let key = fields.value(of: "Sec-WebSocket-Key"),
            Base64.decode(key)?.count == 16
        else { return Self.refusal("400 Bad Request") }
        let offered = fields.list(of: "Sec-WebSocket-Protocol")
        guard let subprotocol = service.subprotocols.first(where: offered.contains) else {
            return Self.refusal("400 Bad Request")
        }
        return .accept(
            Self.response(
                "101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: \(WebSocketClientHandshake.accept(for: key))",
                "Sec-WebSocket-Protocol: \(subprotocol)"
            )
        )
    }

    /// The path of a request's target, without query, last slash and the one escape that clients use.
    private static func path(of target: String) -> String {
        var path = target.prefix { $0 != "?" }.split(separator: "%24", omittingEmptySubsequences: false)
            .joined(separator: "$")
        if path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func refusal(_ status: String, _ fields: String...) -> Answer {
        let closing = fields.contains { $0.hasPrefix("Connection:") } ? [] : ["Connection: close"]
        return .refuse(response(status, fields + closing + ["Content-Length: 0"]))
    }

    private static func response(_ status: String, _ fields: String...) -> [UInt8] {
        response(status, fields)
    }

    private static func response(_ status: String, _ fields: [String]) -> [UInt8] {
        Array((["HTTP/1.1 \(status)"] + fields + ["", ""]).joined(separator: "\r\n").utf8)
    }
}
