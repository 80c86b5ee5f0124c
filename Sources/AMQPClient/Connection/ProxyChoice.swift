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

/// Whether a connection goes through an HTTP proxy, and through which one.
///
/// A proxy is asked for a tunnel (`CONNECT`) before anything else is said, also before TLS: it sees the peer's name and port,
/// nothing more. The proxy looks the name up.
public enum ProxyChoice: Sendable, Hashable {
    /// A WebSocket goes through the proxy that the environment names, if it names one; other connections go directly. So do
    /// the clients of Azure. See ``environment`` for the variables.
    case automatic
    /// No proxy.
    case direct
    /// The proxy that the environment names, if it names one, for every connection.
    ///
    /// The variables are `HTTPS_PROXY` for connections with TLS, `http_proxy` for plain ones, `ALL_PROXY` for both, and
    /// `NO_PROXY`, a list with commas of names (with all that is below them) and addresses to reach directly, or `*`. The
    /// same in small letters comes first. This machine is always reached directly.
    case environment
    /// This proxy.
    case http(HTTPProxy)

    /// The proxy on the way to `endpoint`; nil when there is none.
    func server(
        to endpoint: AMQPEndpoint,
        environment: ProxyEnvironment = .ofThisProcess()
    ) throws(TransportError) -> ProxyServer? {
        switch self {
        case .automatic where endpoint.transport == .tcp: return nil
        case .direct: return nil
        case .http(let proxy): return proxy.server
        case .automatic, .environment:
            do throws(ProxyServer.AddressError) {
                return try environment.proxy(
                    toHost: endpoint.host,
                    port: endpoint.port,
                    isSecure: endpoint.tls != nil
                )
            } catch {
                throw TransportError(
                    code: .invalidConfiguration,
                    operation: .configure,
                    reason: "\(error)"
                )
            }
        }
    }
}
