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

/// Where an event hub is: the namespace, the hub and how to get there.
public struct EventHubsEndpoint: Sendable, Hashable {
    /// How the connection is protected.
    public enum Security: Sendable, Hashable {
        /// TLS; chain and host name are verified against the system's certificates.
        case tls
        /// TLS; chain and host name are verified against the certificates of this PEM file.
        case tlsTrusting(certificateFile: String)
        /// TLS that verifies nothing: for experiments only, anybody may listen.
        case tlsWithoutVerification
        /// Plain TCP, for a development emulator.
        case plaintext
    }

    /// Host of the namespace, for example `name.servicebus.windows.net`.
    public var host: String

    /// The port, when it is not the usual one (5671 with TLS, 5672 without).
    public var port: Int?

    /// The event hub.
    public var eventHubName: String

    /// How the connection is protected.
    public var security: Security

    /// Connect to this host instead (a gateway or private address); the service is still asked for ``host``.
    public var connectHost: String?

    /// An endpoint.
    /// - Parameters:
    ///   - host: host of the namespace, for example `name.servicebus.windows.net`.
    ///   - port: the port, when it is not the usual one.
    ///   - eventHubName: the event hub.
    ///   - security: how the connection is protected.
    ///   - connectHost: connect to this host instead.
    public init(
        host: String,
        port: Int? = nil,
        eventHubName: String,
        security: Security = .tls,
        connectHost: String? = nil
    ) {
        self.host = host
        self.port = port
        self.eventHubName = eventHubName
        self.security = security
        self.connectHost = connectHost
    }

    /// The endpoint a connection string names.
    /// - Parameters:
    ///   - connectionString: the parsed string.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString`` when no hub is named.
    public init(_ connectionString: EventHubsConnectionString, eventHubName: String? = nil) throws(EventHubsError) {
        self.init(
            host: connectionString.host,
            port: connectionString.port,
            eventHubName: try connectionString.resolvedEventHubName(eventHubName),
            security: connectionString.usesDevelopmentEmulator ? .plaintext : .tls
        )
    }

    /// The port to connect to.
    package var effectivePort: Int { port ?? (security == .plaintext ? 5672 : 5671) }

    /// Host, and port when one is named: what audiences contain.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }
}

extension EventHubsConnectionString {
    /// The credential the string carries.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString`` when it carries none.
    public func credential() throws(EventHubsError) -> any TokenCredential {
        switch (authentication, secret) {
        case (.sharedAccessKey(let name), let key?):
            return SharedAccessKeyCredential(keyName: name, key: key.revealed)
        case (.sharedAccessSignature, let token?):
            return try SharedAccessSignatureCredential(token.revealed)
        default:
            throw .connectionString("it has neither a shared access key nor a signature, and no credential was given")
        }
    }
}
