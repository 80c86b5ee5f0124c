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

@Suite("Peers that do not behave", .timeLimit(.minutes(1)))
struct BadPeerTests {
    private func withProxy(_ mode: CuttableProxy.Mode, _ body: (CuttableProxy) async throws -> Void) async throws {
        let proxy = try await CuttableProxy.start(to: 1)
        proxy.set(mode)
        try await body(proxy)
        await proxy.stop()
    }

    private func makeConsumer(_ port: Int, tryTimeout: Duration) -> EventHubConsumer {
        EventHubConsumer(
            endpoint: EventHubsEndpoint(host: "127.0.0.1", port: port, eventHubName: "hub1", security: .plaintext),
            credential: SharedAccessKeyCredential(keyName: "n", key: "k"),
            configuration: EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 0, tryTimeout: tryTimeout))
        )
    }

    private static let saslHeader: [UInt8] = [0x41, 0x4D, 0x51, 0x50, 3, 1, 0, 0]
    private static let mechanisms: [UInt8] =
        [
            0, 0, 0, 0x1F, 2, 1, 0, 0, 0, 0x53, 0x40, 0xC0, 0x12, 1, 0xE0, 0x0F, 1, 0xA3, 9,
        ] + Array("ANONYMOUS".utf8) + [0, 0, 0]

    @Test(
        "A peer that says nothing, or stops in the middle, is given up in time",
        arguments: [.ignore, .answer(saslHeader), .answer([0x41, 0x4D]), .answer(saslHeader + [0, 0, 1, 0, 2, 1])]
            as [CuttableProxy.Mode]
    )
    func silence(mode: CuttableProxy.Mode) async throws {
        try await withProxy(mode) { proxy in
            let consumer = makeConsumer(proxy.port, tryTimeout: .milliseconds(300))
            do throws(EventHubsError) {
                _ = try await consumer.properties()
                Issue.record("answered")
            } catch {
                #expect(error.code == .timeout, "\(error)")
                #expect(error.isTransient)
            }
            await consumer.close()
        }
    }

    @Test(
        "A peer that closes in the middle, or speaks something else, is a typed error",
        arguments: [
            .refuse, .answerAndClose(saslHeader), .answerAndClose(Array(saslHeader.prefix(3))),
            .answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
            .answer(saslHeader + [0xFF, 0xFF, 0xFF, 0xFF, 2, 1, 0, 0]),
            .answer(saslHeader + [0, 0, 0, 8, 1, 1, 0, 0]),
            .answer(saslHeader + mechanisms.map { ~$0 }),
        ] as [CuttableProxy.Mode]
    )
    func nonsense(mode: CuttableProxy.Mode) async throws {
        try await withProxy(mode) { proxy in
            let consumer = makeConsumer(proxy.port, tryTimeout: .seconds(20))
            do throws(EventHubsError) {
                _ = try await consumer.properties()
                Issue.record("answered")
            } catch {
                #expect([.connectionLost, .protocolViolation].contains(error.code), "\(error)")
            }
            await consumer.close()
        }
    }

    @Test("Cancelling ends a wait for a peer that says nothing, whatever is waited for")
    func cancellation() async throws {
        try await withProxy(.ignore) { proxy in
            let consumer = makeConsumer(proxy.port, tryTimeout: .seconds(60))
            let producer = EventHubProducer(
                endpoint: consumer.endpoint,
                credential: SharedAccessKeyCredential(keyName: "n", key: "k"),
                configuration: consumer.configuration
            )
            let waits: [Task<Void, any Error>] = [
                Task { _ = try await consumer.properties() },
                Task { _ = try await consumer.openPartition("0", from: .earliest) },
                Task { _ = try await producer.makeBatch() },
                Task { try await producer.send([EventData("x")]) },
            ]
            while proxy.acceptedCount < 2 { try await Task.sleep(for: .milliseconds(5)) }
            let start = ContinuousClock.now
            for wait in waits { wait.cancel() }
            for wait in waits {
                await #expect(throws: EventHubsError.cancelled) { try await wait.value }
            }
            await consumer.close()
            await producer.close()
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }
}
