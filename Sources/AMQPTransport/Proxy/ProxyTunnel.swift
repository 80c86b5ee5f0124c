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

/// The request that makes a proxy a tunnel, and what its answer means (RFC 9110, section 9.3.6).
struct ProxyTunnel {
    /// What is sent to the proxy; holds the password.
    let request: [UInt8]
    private let proxy: ProxyServer

    init(through proxy: ProxyServer, toHost host: String, port: Int) throws(TransportError) {
        let target = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TransportError(
                code: .invalidConfiguration,
                operation: .configure,
                reason: "a host name is of visible ASCII characters"
            )
        }
        var lines = ["CONNECT \(target) HTTP/1.1", "Host: \(target)"]
        if let credentials = proxy.credentials {
            let pair = Base64.encode(Array("\(credentials.user):\(credentials.password)".utf8))
            lines.append("Proxy-Authorization: Basic \(pair)")
        }
        request = Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
        self.proxy = proxy
    }

    /// Checks the answer.
    ///
    /// - Throws: `TransportError`: `.handshakeRefused` or `.handshakeFailed`.
    func check(_ answer: HeadExchange.Answer) throws(TransportError) {
        let response: HTTPResponseHead
        do throws(HTTPHeadError) {
            response = try HTTPResponseHead(answer.head)
        } catch {
            throw failure("not HTTP: \(error)")
        }
        guard (200...299).contains(response.status) else {
            let hint =
                response.status != 407
                ? ""
                : proxy.credentials == nil ? ": it wants a user and a password" : ": it does not take user and password"
            throw TransportError(refusal: response, by: "the proxy", hint: hint).at(host: proxy.host, port: proxy.port)
        }
        // Whoever is behind the tunnel waits for us to speak first.
        guard answer.rest.isEmpty else { throw failure("the proxy sent more than its answer") }
    }

    private func failure(_ reason: String) -> TransportError {
        TransportError(code: .handshakeFailed, operation: .handshake, reason: reason)
            .at(host: proxy.host, port: proxy.port)
    }
}
