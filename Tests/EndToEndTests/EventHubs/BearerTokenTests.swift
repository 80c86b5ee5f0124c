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
import LogSupport
import Synchronization
import Testing

@Suite("Bearer tokens", .timeLimit(.minutes(2)))
struct BearerTokenTests {
    /// Hands out tokens of an issuer, and says when they expire, right or wrong.
    private final class Credential: TokenCredential {
        let issuer: TokenIssuer
        /// How long the emulator takes a token, in seconds.
        let lifetime: Int64
        /// How much longer the client takes it to live: a clock that is behind.
        let lag: Int64
        let asked = Mutex(0)

        init(_ issuer: TokenIssuer, lifetime: Int64 = 3600, lag: Int64 = 0) {
            self.issuer = issuer
            self.lifetime = lifetime
            self.lag = lag
        }

        func token(for audience: String) async throws -> AccessToken {
            asked.withLock { $0 += 1 }
            let expiry = WallClock.system.now().millisecondsSinceEpoch / 1000 + lifetime
            return AccessToken(
                issuer.token(for: TokenIssuer.eventHubs, expirySeconds: expiry),
                kind: .jwt,
                expiry: Timestamp(millisecondsSinceEpoch: (expiry + lag) * 1000)
            )
        }

        var count: Int { asked.withLock(\.self) }
    }

    private static let issuer = TokenIssuer(key: "a key of at least thirty-two bytes")

    private func withEmulator(
        idleLinkTimeout: Duration = .seconds(1800),
        _ body: (EventHubsEmulator, EventHubsEndpoint) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        configuration.tokenIssuer = Self.issuer
        configuration.idleLinkTimeout = idleLinkTimeout
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let endpoint = EventHubsEndpoint(
                host: "127.0.0.1",
                port: emulator.amqpPort,
                eventHubName: "hub1",
                security: .plaintext
            )
            try await body(emulator, endpoint)
        }
    }

    @Test("Producer and consumer work with tokens of the issuer that the emulator trusts")
    func sendAndReceive() async throws {
        try await withEmulator { _, endpoint in
            let credential = Credential(Self.issuer)
            let producer = EventHubProducer(endpoint: endpoint, credential: credential, configuration: impatient)
            try await producer.send([EventData("x")])
            await producer.close()
            let consumer = EventHubConsumer(endpoint: endpoint, credential: credential, configuration: impatient)
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(1).map(\.text) == ["x"])
            await consumer.close()
        }
    }

    @Test("Tokens of another issuer, and expired ones, are refused")
    func refused() async throws {
        try await withEmulator { _, endpoint in
            for credential in [
                Credential(TokenIssuer(key: "another key of at least thirty-two bytes")),
                Credential(Self.issuer, lifetime: -1, lag: 3600),
            ] {
                let producer = EventHubProducer(endpoint: endpoint, credential: credential, configuration: impatient)
                await #expect(throws: EventHubsError(.unauthorized, "")) { try await producer.send([EventData("x")]) }
                await producer.close()
            }
        }
    }

    @Test("A client whose clock is behind, and that renews too late, overcomes each refusal with a new token")
    func clockBehind() async throws {
        try await withEmulator { emulator, endpoint in
            let credential = Credential(Self.issuer, lifetime: 2, lag: 3600)
            let producer = EventHubProducer(endpoint: endpoint, credential: credential)
            var sent: Int64 = 0
            while credential.count < 4 {
                try await producer.send([EventData("x")])
                sent += 1
            }
            await producer.close()
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [sent])
        }
    }

    @Test("Short tokens are renewed although the service detaches the idle links for tokens, one pair at a time")
    func idleTokenLinks() async throws {
        try await withEmulator(idleLinkTimeout: .seconds(1)) { _, endpoint in
            let log = LogRecorder()
            var configuration = EventHubsConfiguration()
            configuration.logger = log.logger
            let credential = Credential(Self.issuer, lifetime: 4)
            let producer = EventHubProducer(endpoint: endpoint, credential: credential, configuration: configuration)
            while credential.count < 6 { try await producer.send([EventData("x")]) }
            await producer.close()
            #expect(!log.texts.contains { $0.contains("replacing a token failed") }, "\(log.texts)")
        }
    }
}
