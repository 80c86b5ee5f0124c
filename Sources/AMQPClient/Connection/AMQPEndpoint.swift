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

/// Where a peer listens, whether it speaks TLS there, and what carries AMQP.
public struct AMQPEndpoint: Sendable, Hashable {
    /// How the connection is protected. The defaults verify everything.
    public struct TLS: Sendable, Hashable {
        /// A PEM file with the only certificates to trust; nil for the system's.
        public var trustedCertificatesFile: String?
        /// Whether the peer has to prove who it is. Switch it off for tests only.
        public var verifiesPeer: Bool
        /// The name to send and to verify in place of the host.
        public var serverName: String?
        /// A PEM file with our certificate and its chain, for peers that ask for one.
        public var certificateChainFile: String?
        /// A PEM file with the key of our certificate.
        public var privateKeyFile: String?

        /// TLS that verifies the peer's chain and name.
        public init(
            trustedCertificatesFile: String? = nil,
            verifiesPeer: Bool = true,
            serverName: String? = nil,
            certificateChainFile: String? = nil,
            privateKeyFile: String? = nil
        ) {
            self.trustedCertificatesFile = trustedCertificatesFile
            self.verifiesPeer = verifiesPeer
            self.serverName = serverName
            self.certificateChainFile = certificateChainFile
            self.privateKeyFile = privateKeyFile
        }

        var configuration: TLSConfiguration {
            TLSConfiguration(
                trustedCertificates: trustedCertificatesFile.map { .file($0) } ?? .system,
                verification: verifiesPeer ? .full : .none,
                serverName: serverName,
                certificateChainFile: certificateChainFile,
                privateKeyFile: privateKeyFile
            )
        }
    }

    /// What carries the bytes of AMQP.
    public enum Transport: Sendable, Hashable {
        /// A TCP connection, plain or inside TLS.
        case tcp
        /// A WebSocket (RFC 6455), plain or inside TLS, for networks that let nothing but HTTPS out.
        ///
        /// - Parameters:
        ///   - path: the path of the WebSocket at the peer.
        ///   - subprotocol: what the WebSocket is said to carry; `amqp` is the standard's word.
        case webSockets(path: String = "/", subprotocol: String = "amqp")
    }

    /// A host name or address.
    public var host: String
    /// The port; 5671 and 5672 are AMQP's own, 443 and 80 those of WebSockets.
    public var port: Int
    /// Nil for a plain connection.
    public var tls: TLS?
    /// What carries the bytes of AMQP.
    public var transport: Transport

    /// An endpoint; without a port, the usual one of the transport, with TLS or without.
    public init(host: String, port: Int? = nil, tls: TLS? = TLS(), transport: Transport = .tcp) {
        self.host = host
        self.tls = tls
        self.transport = transport
        self.port =
            port
            ?? {
                switch transport {
                case .tcp: tls == nil ? 5672 : 5671
                case .webSockets: tls == nil ? 80 : 443
                }
            }()
    }

    /// The WebSocket to ask for, of the peer `hostname` where that is not the host connected to; nil for TCP.
    func webSocket(hostname: String?) -> WebSocketRequest? {
        guard case .webSockets(let path, let subprotocol) = transport else { return nil }
        return WebSocketRequest(
            host: hostname ?? host,
            port: port,
            isSecure: tls != nil,
            path: path,
            subprotocol: subprotocol
        )
    }
}
