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

import EventHubs
import Testing

@testable import AMQPClient

@Suite("What clients tell the service about themselves")
struct ConfigurationTests {
    @Test("The connection's properties and limits")
    func connection() {
        var configuration = EventHubsConfiguration(identifier: "me", applicationID: "app/2")
        configuration.maximumFrameSize = 1
        let endpoint = EventHubsEndpoint(host: "ns.example", port: 7, eventHubName: "hub", security: .plaintext)
        let amqp = configuration.connectionConfiguration(for: endpoint)
        #expect(amqp.containerID == "me")
        #expect(amqp.hostname == "ns.example")
        #expect(amqp.maxFrameSize == 512)
        #expect(amqp.idleTimeOut == .seconds(60))
        #expect(amqp.properties[symbol: "product"] == .string("swift-event-hubs"))
        #expect(amqp.properties[symbol: "user-agent"]?.textValue?.hasPrefix("app/2 swift-event-hubs/") == true)
        #expect(amqp.properties.allSatisfy { $0.value.stringValue != nil && $0.key.symbolValue != nil })
        #expect(endpoint.amqpEndpoint() == AMQPEndpoint(host: "ns.example", port: 7, tls: nil))
    }

    @Test("A gateway is connected to, the namespace is asked for and verified")
    func gateway() {
        let endpoint = EventHubsEndpoint(
            host: "ns.example",
            eventHubName: "hub",
            security: .tlsTrusting(certificateFile: "ca.pem"),
            connectHost: "10.0.0.4"
        )
        let amqp = endpoint.amqpEndpoint()
        #expect(amqp.host == "10.0.0.4")
        #expect(amqp.port == 5671)
        #expect(amqp.tls?.serverName == "ns.example")
        #expect(amqp.tls?.trustedCertificatesFile == "ca.pem")
        #expect(EventHubsConfiguration().connectionConfiguration(for: endpoint).hostname == "ns.example")
    }

    @Test("A gateway's port is connected to, the audience keeps the namespace's")
    func gatewayPort() {
        let endpoint = EventHubsEndpoint(
            host: "ns.example",
            eventHubName: "hub",
            connectHost: "gateway.example",
            connectPort: 8443
        )
        #expect(endpoint.amqpEndpoint().port == 8443)
        #expect(endpoint.authority == "ns.example")
    }

    @Test("Keep-alive: something is sent every 60 s at the latest, whatever the service asks for")
    func keepAlive() {
        let configuration = EventHubsConfiguration(idleTimeout: .seconds(600))
        let endpoint = EventHubsEndpoint(host: "ns.example", eventHubName: "hub")
        let engine = configuration.connectionConfiguration(for: endpoint).engineConfiguration(hostname: "ns.example")
        #expect(engine.keepAlive == .seconds(60))
    }

    @Test("WebSockets: port 443, the service's path and subprotocol, over the configuration or the connection string")
    func webSockets() throws {
        let endpoint = EventHubsEndpoint(host: "ns.example", eventHubName: "hub")
        let expected = AMQPEndpoint(
            host: "ns.example",
            port: 443,
            tls: .init(),
            transport: .webSockets(path: "/$servicebus/websocket/", subprotocol: "AMQPWSB10")
        )
        #expect(endpoint.amqpEndpoint(.webSockets) == expected)
        #expect(endpoint.amqpEndpoint().transport == .tcp)
        let text = "Endpoint=sb://ns.example;SharedAccessKeyName=n;SharedAccessKey=k;EntityPath=hub;TransportType="
        let parsed = try EventHubsEndpoint(EventHubsConnectionString(text + "AmqpWebSockets"))
        #expect(parsed.amqpEndpoint() == expected)
        #expect(parsed.amqpEndpoint(.tcp).port == 5671)
        #expect(try EventHubsEndpoint(EventHubsConnectionString(text + "Amqp")).transport == .tcp)
        #expect(throws: EventHubsError(.invalidConnectionString, "")) {
            try EventHubsConnectionString(text + "Carrier")
        }
        let emulator = EventHubsEndpoint(host: "localhost", eventHubName: "hub", security: .plaintext)
        #expect(emulator.amqpEndpoint(.webSockets).port == 5672)
    }

    @Test("Identifiers are their clients' own")
    func identifiers() {
        #expect(EventHubsConfiguration().identifier != EventHubsConfiguration().identifier)
    }

    @Test("A receiver's link: owner level as long, name, filter, capabilities, byte bound")
    func receiverLink() {
        let options = PartitionOptions(
            ownerLevel: 5,
            prefetchCount: 7,
            prefetchBytes: 9,
            tracksLastEnqueuedEvent: true,
            receiverName: String(repeating: "x", count: 70)
        )
        let link = ReceiverLinkOptions.make(options, position: .sequenceNumber(3), identifier: "me")
        #expect(link.properties?[symbol: "com.microsoft:epoch"] == .long(5))
        #expect(link.properties?[symbol: "com.microsoft:receiver-name"] == .string(String(repeating: "x", count: 64)))
        #expect(link.source.filter == PositionFilter.filter(for: .sequenceNumber(3)))
        #expect(
            link.desiredCapabilities == [
                "com.microsoft:enable-receiver-runtime-metric", "com.microsoft:georeplication",
            ]
        )
        #expect(link.credit == .window(7))
        #expect(link.maximumBufferedBytes == 9)
        #expect(link.projection.fields.map(\.key) == ["x-opt-sequence-number", "x-opt-offset", "x-opt-enqueued-time"])

        let plain = ReceiverLinkOptions.make(PartitionOptions(prefetchCount: -1), position: .earliest, identifier: "me")
        #expect(plain.properties == [.symbol("com.microsoft:receiver-name"): "me"] as AMQPMap)
        #expect(plain.desiredCapabilities == ["com.microsoft:georeplication"])
        #expect(plain.credit == .window(1))
    }
}
