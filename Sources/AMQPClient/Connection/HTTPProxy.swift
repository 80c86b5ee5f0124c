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

/// An HTTP proxy that is spoken to in plain HTTP. What describes it never shows the password.
public struct HTTPProxy: Sendable, Hashable {
    /// The proxy's host name or address.
    public var host: String
    /// The proxy's port.
    public var port: Int
    /// Who we are for the proxy (Basic authentication); nil when it does not ask.
    public var user: String?
    /// The user's password.
    public var password: String?

    /// Names a proxy.
    ///
    /// - Parameters:
    ///   - host: its host name or address.
    ///   - port: its port.
    ///   - user: who we are for the proxy; nil when it does not ask.
    ///   - password: the user's password.
    public init(host: String, port: Int, user: String? = nil, password: String? = nil) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
    }

    /// Reads `http://[user:password@]host[:port]`. User and password may be percent-encoded; the port is 80 unless given.
    ///
    /// - Parameter url: the address.
    /// - Throws: ``AMQPError`` with code ``AMQPError/Code/invalidUse``, which does not repeat the address.
    public init(url: String) throws(AMQPError) {
        do throws(ProxyServer.AddressError) {
            let server = try ProxyServer(url: url)
            self.init(
                host: server.host,
                port: server.port,
                user: server.credentials?.user,
                password: server.credentials?.password
            )
        } catch {
            throw AMQPError(
                code: .invalidUse,
                scope: .transport,
                initiator: .application,
                message: "not the address of a proxy: \(error)"
            )
        }
    }

    var server: ProxyServer {
        ProxyServer(
            host: host,
            port: port,
            credentials: user.map { .init(user: $0, password: password ?? "") }
        )
    }
}

extension HTTPProxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host and port.
    public var description: String { "\(server)" }

    /// As `description`.
    public var debugDescription: String { description }

    /// Shows neither user nor password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
