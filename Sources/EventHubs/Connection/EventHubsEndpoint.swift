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

    /// What carries the bytes of AMQP.
    public enum Transport: Sendable, Hashable {
        /// A TCP connection.
        case tcp
        /// A WebSocket: TLS on port 443, where networks let nothing but HTTPS out.
        case webSockets
    }

    /// Host of the namespace, for example `name.servicebus.windows.net`.
    public var host: String

    /// The port, when it is not the usual one (5671 with TLS or 443 for WebSockets, 5672 without TLS).
    public var port: Int?

    /// The event hub.
    public var eventHubName: String

    /// How the connection is protected.
    public var security: Security

    /// What carries the bytes of AMQP, unless ``EventHubsConfiguration/transport`` says otherwise.
    public var transport: Transport

    /// Connect to this host instead (a gateway or private address); the service is still asked for ``host``.
    public var connectHost: String?

    /// Connect to this port instead; the service is still asked for ``port``.
    public var connectPort: Int?

    /// An endpoint.
    /// - Parameters:
    ///   - host: host of the namespace, for example `name.servicebus.windows.net`.
    ///   - port: the port, when it is not the usual one.
    ///   - eventHubName: the event hub.
    ///   - security: how the connection is protected.
    ///   - transport: what carries the bytes of AMQP.
    ///   - connectHost: connect to this host instead.
    ///   - connectPort: connect to this port instead.
    public init(
        host: String,
        port: Int? = nil,
        eventHubName: String,
        security: Security = .tls,
        transport: Transport = .tcp,
        connectHost: String? = nil,
        connectPort: Int? = nil
    ) {
        self.host = host
        self.port = port
        self.eventHubName = eventHubName
        self.security = security
        self.transport = transport
        self.connectHost = connectHost
        self.connectPort = connectPort
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
            security: connectionString.usesDevelopmentEmulator ? .plaintext : .tls,
            transport: connectionString.usesWebSockets ? .webSockets : .tcp
        )
    }

    /// The port to connect to.
    package var effectivePort: Int { port(over: transport) }

    /// The port to connect to over `transport`. An emulator serves WebSockets on the port of AMQP.
    package func port(over transport: Transport) -> Int {
        connectPort ?? port ?? (security == .plaintext ? 5672 : transport == .webSockets ? 443 : 5671)
    }

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
