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
import EventHubsEmulator
import Testing

@Suite("What the emulator refuses", .timeLimit(.minutes(1)))
struct RefusalTests {
    private func expect(
        _ code: EventHubsError.Code,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("succeeded", sourceLocation: sourceLocation)
        } catch {
            let error = error as? EventHubsError
            #expect(error?.code == code, "\(String(describing: error))", sourceLocation: sourceLocation)
            #expect(error?.eventHub != nil, sourceLocation: sourceLocation)
            #expect(error.map { !"\($0)".contains("SAS_KEY_VALUE") && !"\($0)".contains("sig=") } ?? true)
        }
    }

    private func endpoint(_ emulator: EventHubsEmulator, hub: String = "hub1") -> EventHubsEndpoint {
        EventHubsEndpoint(host: "127.0.0.1", port: emulator.amqpPort, eventHubName: hub, security: .plaintext)
    }

    @Test("A wrong key")
    func wrongKey() async throws {
        try await withHub { emulator in
            let credential = SharedAccessKeyCredential(keyName: "RootManageSharedAccessKey", key: "WRONG")
            let consumer = EventHubConsumer(
                endpoint: endpoint(emulator),
                credential: credential,
                configuration: impatient
            )
            await expect(.unauthorized) { _ = try await consumer.openPartition("0", from: .earliest) }
            await expect(.unauthorized) { _ = try await consumer.properties() }
            await consumer.close()
            let producer = EventHubProducer(
                endpoint: endpoint(emulator),
                credential: credential,
                configuration: impatient
            )
            await expect(.unauthorized) { try await producer.send([EventData("x")]) }
            await producer.close()
        }
    }

    @Test("An expired token, and one for another hub")
    func badTokens() async throws {
        try await withHub { emulator in
            let host = "127.0.0.1:\(emulator.amqpPort)"
            for (resource, expiry) in [("sb://\(host)/hub1", 1_500_000_000), ("sb://\(host)/other", 4_000_000_000)]
                as [(String, Int64)]
            {
                let token = SharedAccessSignature(
                    resource: resource,
                    keyName: "RootManageSharedAccessKey",
                    key: "SAS_KEY_VALUE",
                    expirySeconds: expiry
                )
                let consumer = EventHubConsumer(
                    endpoint: endpoint(emulator),
                    credential: try SharedAccessSignatureCredential(token.value),
                    configuration: impatient
                )
                await expect(.unauthorized) { _ = try await consumer.openPartition("0", from: .earliest) }
                await consumer.close()
            }
        }
    }

    @Test("A ready-made token does")
    func readyMadeToken() async throws {
        try await withHub { emulator in
            let token = SharedAccessSignature(
                resource: "sb://127.0.0.1:\(emulator.amqpPort)/hub1",
                keyName: "RootManageSharedAccessKey",
                key: "SAS_KEY_VALUE",
                expirySeconds: 4_000_000_000
            )
            let producer = EventHubProducer(
                endpoint: endpoint(emulator),
                credential: try SharedAccessSignatureCredential(token.value),
                configuration: impatient
            )
            try await producer.send([EventData("x")])
            await producer.close()
        }
    }

    @Test("Unknown hub, group and partition")
    func unknownEntities() async throws {
        try await withHub { emulator in
            let text = emulator.connectionString()
            let nowhere = try EventHubConsumer(
                connectionString: text,
                eventHubName: "nowhere",
                configuration: impatient
            )
            await expect(.notFound) { _ = try await nowhere.openPartition("0", from: .earliest) }
            await expect(.notFound) { _ = try await nowhere.properties() }
            await nowhere.close()
            let producer = try EventHubProducer(
                connectionString: text,
                eventHubName: "nowhere",
                configuration: impatient
            )
            await expect(.notFound) { try await producer.send([EventData("x")]) }
            await producer.close()
            let nobody = try emulator.makeConsumer(group: "nobody")
            await expect(.notFound) { _ = try await nobody.openPartition("0", from: .earliest) }
            await nobody.close()

            let consumer = try emulator.makeConsumer()
            await expect(.invalidArgument) { _ = try await consumer.openPartition("99", from: .earliest) }
            await expect(.invalidArgument) { _ = try await consumer.properties(of: "99") }
            let known = try emulator.makeProducer()
            await expect(.invalidArgument) { try await known.send([EventData("x")], to: .partition("99")) }
            await expect(.invalidArgument) { try await known.send([EventData("x")], to: .key("")) }
            // None of this harms the connection.
            try await known.send([EventData("x")], to: .partition("0"))
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(1).count == 1)
            await consumer.close()
            await known.close()
        }
    }

    @Test("Nobody listens there")
    func nobodyThere() async throws {
        let consumer = EventHubConsumer(
            endpoint: EventHubsEndpoint(host: "127.0.0.1", port: 1, eventHubName: "hub1", security: .plaintext),
            credential: SharedAccessKeyCredential(keyName: "n", key: "k"),
            configuration: impatient
        )
        await expect(.connectionLost) { _ = try await consumer.properties() }
        await expect(.connectionLost) { _ = try await consumer.openPartition("0", from: .earliest) }
        await consumer.close()
        await expect(.closed) { _ = try await consumer.properties() }
    }
}
