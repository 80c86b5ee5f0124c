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
import EventHubs
import EventHubsEmulator
import LogSupport
import Logging
import Testing
import TunnelSupport

/// What there is to choose about connections, one test or more for each choice.
@Suite("Connections", .timeLimit(.minutes(1)))
struct ConnectionTests {
    private let credential = SharedAccessKeyCredential(keyName: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE")

    private func endpoint(
        _ port: Int,
        security: EventHubsEndpoint.Security = .plaintext,
        transport: EventHubsEndpoint.Transport = .tcp
    ) -> EventHubsEndpoint {
        EventHubsEndpoint(
            host: "localhost",
            port: port,
            eventHubName: "hub1",
            security: security,
            transport: transport
        )
    }

    /// Sends 500 events of 4 KiB, reads them, asks for properties.
    private func roundTrip(
        _ endpoint: EventHubsEndpoint,
        _ configuration: EventHubsConfiguration = impatient
    ) async throws {
        let bodies = (0..<500).map { "\($0) " + String(repeating: "x", count: 4_096) }
        let connection = EventHubConnection(endpoint: endpoint, credential: credential, configuration: configuration)
        let producer = EventHubProducer(sharing: connection)
        try await producer.send(bodies.map { EventData($0) }, to: .partition("0"))
        #expect(try await producer.properties(of: "0").lastEnqueuedSequenceNumber >= 499)
        let consumer = EventHubConsumer(sharing: connection)
        let receiver = try await consumer.openPartition("0", from: .earliest)
        let received = try await receiver.take(500, patience: .seconds(30)).map(\.text)
        #expect(received == bodies)
        await connection.close()
    }

    @Test("TLS")
    func tls() async throws {
        try await withTLS { emulator in
            try await roundTrip(
                endpoint(emulator.amqpPort, security: .tlsTrusting(certificateFile: certificate("ca")))
            )
        }
    }

    @Test("WebSocket, plain, beside clients without on the same port")
    func webSocket() async throws {
        try await withHub { emulator in
            try await roundTrip(endpoint(emulator.amqpPort, transport: .webSockets))
            let text = emulator.connectionString(hub: "hub1") + ";TransportType=AmqpWebSockets"
            let consumer = try EventHubConsumer(connectionString: text, configuration: impatient)
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(500).count == 500)
            try await emulator.fill("0", count: 1)
            #expect(try await receiver.take(1).map(\.text) == ["event 0"])
            #expect(emulator.connectionCount == 1)
            await consumer.close()
        }
    }

    @Test("WebSocket inside TLS, by the configuration")
    func webSocketOverTLS() async throws {
        try await withTLS { emulator in
            var configuration = impatient
            configuration.transport = .webSockets
            let security = EventHubsEndpoint.Security.tlsTrusting(certificateFile: certificate("ca"))
            try await roundTrip(endpoint(emulator.amqpPort, security: security), configuration)
        }
    }

    @Test("A WebSocket that breaks is opened anew")
    func webSocketRecovers() async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let consumer = EventHubConsumer(
                endpoint: endpoint(proxy.port, transport: .webSockets),
                credential: credential,
                configuration: EventHubsConfiguration(
                    retryPolicy: RetryPolicy(maximumRetries: 8, delay: .milliseconds(20))
                )
            )
            let receiver = try await consumer.openPartition("0", from: .earliest)
            for round in 0..<3 {
                try await emulator.fill("0", count: 2)
                #expect(try await receiver.take(2).map(\.sequenceNumber) == [Int64(2 * round), Int64(2 * round + 1)])
                proxy.cut()
            }
            #expect(proxy.acceptedCount >= 3)
            await consumer.close()
            await proxy.stop()
        }
    }

    @Test("Where no WebSocket is served, the failure says so and is not tried again")
    func noWebSocket() async throws {
        let proxy = try await CuttableProxy.start(to: 1)
        proxy.set(.answerAndClose(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)))
        let producer = EventHubProducer(
            endpoint: endpoint(proxy.port, transport: .webSockets),
            credential: credential
        )
        do throws(EventHubsError) {
            try await producer.send([EventData("x")])
            Issue.record("sent")
        } catch {
            #expect(error.code == .connectionLost && !error.isTransient)
            #expect(error.message.contains("the server answered with status 404 Not Found"), "\(error)")
        }
        #expect(proxy.acceptedCount == 1)
        await producer.close()
        await proxy.stop()
    }

    @Test("Proxies: TCP, TLS and WebSocket through an HTTP proxy that wants a password, which is never shown")
    func proxies() async throws {
        let log = LogRecorder()
        try await withTLS { emulator in
            let proxy = try await TunnelingProxy(to: emulator.amqpPort)
            var configuration = impatient
            configuration.proxy = .http(
                HTTPProxy(host: proxy.server.host, port: proxy.server.port, user: "me", password: "open sesame")
            )
            configuration.logger = log.logger
            let security = EventHubsEndpoint.Security.tlsTrusting(certificateFile: certificate("ca"))
            for transport in [EventHubsEndpoint.Transport.tcp, .webSockets] {
                var target = endpoint(5671, security: security, transport: transport)
                // The proxy looks it up: here, nobody can.
                target.host = "ns.example.test"
                try await roundTrip(target, configuration)
            }
            #expect(proxy.requests.count == 2)
            for request in proxy.requests {
                #expect(request.hasPrefix("CONNECT ns.example.test:5671 HTTP/1.1\r\n"))
                #expect(request.contains("Proxy-Authorization: Basic bWU6b3BlbiBzZXNhbWU=\r\n"))
            }
            var dumped = ""
            dump(configuration, to: &dumped)
            for text in log.texts + [dumped, "\(configuration)"] {
                #expect(!text.contains("sesame") && !text.contains("bWU6b3BlbiBzZXNhbWU="))
            }
            await proxy.close()
        }
        try await withHub { emulator in
            let proxy = try await TunnelingProxy(to: emulator.amqpPort)
            var configuration = impatient
            configuration.proxy = .http(HTTPProxy(host: proxy.server.host, port: proxy.server.port))
            var target = endpoint(5672)
            target.host = "ns.example.test"
            try await roundTrip(target, configuration)
            #expect(proxy.requests == ["CONNECT ns.example.test:5672 HTTP/1.1\r\nHost: ns.example.test:5672\r\n\r\n"])
            await proxy.close()
        }
    }

    @Test("Custom endpoint: the gateway is connected to, the service is named to TLS, to HTTP and to AMQP")
    func customEndpoint() async throws {
        try await withTLS { emulator in
            for transport in [EventHubsEndpoint.Transport.tcp, .webSockets] {
                // The certificate is for *.example.test: it would not do for the address connected to.
                let target = EventHubsEndpoint(
                    host: "ns.example.test",
                    eventHubName: "hub1",
                    security: .tlsTrusting(certificateFile: certificate("ca")),
                    transport: transport,
                    connectHost: "127.0.0.1",
                    connectPort: emulator.amqpPort
                )
                #expect(target.authority == "ns.example.test")
                try await roundTrip(target)
            }
        }
    }

    @Test("Shared connection: producers and consumers on one, which outlives each of them")
    func sharedConnection() async throws {
        try await withHub { emulator in
            let connection = try EventHubConnection(
                connectionString: emulator.connectionString(hub: "hub1"),
                configuration: impatient
            )
            let first = EventHubProducer(sharing: connection)
            let second = EventHubProducer(sharing: connection)
            let consumer = EventHubConsumer(sharing: connection)
            try await first.send([EventData("1")], to: .partition("0"))
            try await second.send([EventData("2")], to: .partition("1"))
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(1).map(\.text) == ["1"])
            #expect(emulator.connectionCount == 1)

            await first.close()
            await consumer.close()
            await #expect(throws: EventHubsError.closed) { try await first.send([EventData("x")]) }
            await #expect(throws: EventHubsError.closed) { try await consumer.properties() }
            #expect(try await receiver.nextBatch() == nil)
            #expect(emulator.partitions(of: "hub1").allSatisfy { $0.receivers.isEmpty })
            try await second.send([EventData("3")], to: .partition("0"))
            #expect(emulator.connectionCount == 1)

            await connection.close()
            await #expect(throws: EventHubsError.closed) { try await second.send([EventData("x")]) }
        }
    }

    @Test("One connection per partition, by the configuration")
    func connectionPerPartition() async throws {
        try await withHub { emulator in
            var configuration = impatient
            configuration.connections = .perPartition
            let producer = try emulator.makeProducer(configuration)
            try await producer.send([EventData("0")], to: .partition("0"))
            try await producer.send([EventData("1")], to: .partition("1"))
            #expect(emulator.connectionCount == 2)
            try await producer.send([EventData("0")], to: .partition("0"))
            #expect(emulator.connectionCount == 2)
            // What belongs to no partition has one of its own.
            _ = try await producer.properties()
            #expect(emulator.connectionCount == 3)
            let consumer = try emulator.makeConsumer(configuration)
            for id in ["0", "1"] as [PartitionID] {
                let receiver = try await consumer.openPartition(id, from: .earliest)
                #expect(try await receiver.take(1).map(\.text) == [id.description])
            }
            #expect(emulator.connectionCount == 5)
            await producer.close()
            await consumer.close()
            await #expect(throws: EventHubsError.closed) { try await producer.send([EventData("x")]) }
        }
    }

    @Test("Application id in the user agent, as the service sees it")
    func applicationID() async throws {
        let log = LogRecorder()
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1")])
        configuration.logger = log.logger
        configuration.tracesFrames = true
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            var client = impatient
            client.applicationID = "ingest/2.1"
            let producer = try emulator.makeProducer(client)
            _ = try await producer.properties()
            await producer.close()
        }
        #expect(log.texts.contains { $0.contains("user-agent") && $0.contains("ingest/2.1 swift-event-hubs/") })
    }

    @Test("Idle link and forced detach are routine: work goes on, and nothing is logged that would alarm anybody")
    func idleAndForced() async throws {
        let log = LogRecorder()
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 2)])
        configuration.idleLinkTimeout = .seconds(1)
        var patient = EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: nil, delay: .milliseconds(20)))
        patient.logger = log.logger
        patient.logger?.logLevel = .notice
        let producer = try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let producer = try emulator.makeProducer(patient)
            let consumer = try emulator.makeConsumer(patient)
            let receiver = try await consumer.openPartition("0", from: .earliest)
            for round in 0..<2 {
                try await producer.send([EventData("\(round)")], to: .partition("0"))
                #expect(try await receiver.take(1, patience: .seconds(30)).map(\.text) == ["\(round)"])
                // Longer than the service keeps idle links: it detaches them (detach-forced).
                #expect(try await receiver.nextBatch(maximumWait: .milliseconds(2_500))?.isEmpty == true)
            }
            await consumer.close()
            return producer
        }
        // Its end has closed the connection (connection:forced). Another takes its place.
        configuration.amqpPort = producer.endpoint.effectivePort
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            try await producer.send([EventData("2")], to: .partition("0"))
            #expect(emulator.partitions(of: "hub1").first?.eventCount == 1)
            await producer.close()
        }
        #expect(log.texts.isEmpty, "\(log.texts)")
    }
}
