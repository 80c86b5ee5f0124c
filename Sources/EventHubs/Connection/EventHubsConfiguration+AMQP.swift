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

extension EventHubsEndpoint {
    /// The path of the service's WebSocket.
    package static let webSocketPath = "/$servicebus/websocket/"
    /// What the service's WebSocket carries: the word it had before the standard's.
    package static let webSocketSubprotocol = "AMQPWSB10"

    /// Where the AMQP client connects to. Without a transport, the endpoint's own is taken.
    package func amqpEndpoint(_ transport: Transport? = nil) -> AMQPEndpoint {
        let transport = transport ?? self.transport
        let serverName = connectHost == nil ? nil : host
        let tls: AMQPEndpoint.TLS? =
            switch security {
            case .tls: .init(serverName: serverName)
            case .tlsTrusting(let file): .init(trustedCertificatesFile: file, serverName: serverName)
            case .tlsWithoutVerification: .init(verifiesPeer: false, serverName: serverName)
            case .plaintext: nil
            }
        return AMQPEndpoint(
            host: connectHost ?? host,
            port: port(over: transport),
            tls: tls,
            transport: transport == .tcp
                ? .tcp : .webSockets(path: Self.webSocketPath, subprotocol: Self.webSocketSubprotocol)
        )
    }
}

extension EventHubsConfiguration {
    /// The library's name and version in the user agent.
    package static let product = "swift-event-hubs"
    package static let version = "0.1.0"

    /// How the AMQP client presents itself to `endpoint`.
    package func connectionConfiguration(for endpoint: EventHubsEndpoint) -> AMQPConnectionConfiguration {
        var amqp = AMQPConnectionConfiguration(containerID: identifier, sasl: .anonymous)
        amqp.hostname = endpoint.host
        amqp.maxFrameSize = UInt32(clamping: max(maximumFrameSize, 512))
        amqp.idleTimeOut = idleTimeout
        amqp.properties = connectionProperties
        amqp.proxy = proxy
        amqp.connectTimeout = min(retryPolicy.tryTimeout, .seconds(30))
        amqp.operationTimeout = retryPolicy.tryTimeout
        amqp.logger = logger
        amqp.traceFrames = tracesFrames
        return amqp
    }

    /// What the connection says about this client.
    package var connectionProperties: AMQPMap {
        let own = "\(Self.product)/\(Self.version) (\(Self.platform); Swift)"
        return [
            .symbol("product"): .string(Self.product),
            .symbol("version"): .string(Self.version),
            .symbol("platform"): .string(Self.platform),
            .symbol("framework"): .string("Swift"),
            .symbol("user-agent"): .string(applicationID.map { "\($0) \(own)" } ?? own),
        ]
    }

    private static var platform: String {
        #if os(Linux)
            "Linux"
        #elseif os(macOS)
            "macOS"
        #else
            "unknown"
        #endif
    }
}
