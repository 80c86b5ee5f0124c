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
import Testing

@Suite("TLS and secrets", .timeLimit(.minutes(1)))
struct SecurityTests {
    private func makeProducer(_ port: Int, _ security: EventHubsEndpoint.Security) -> EventHubProducer {
        EventHubProducer(
            endpoint: EventHubsEndpoint(host: "localhost", port: port, eventHubName: "hub1", security: security),
            credential: SharedAccessKeyCredential(keyName: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE"),
            configuration: impatient
        )
    }

    @Test("A known authority is trusted, another is not, and nobody is asked when verification is off")
    func trust() async throws {
        try await withTLS { emulator in
            for security in [.tlsTrusting(certificateFile: certificate("ca")), .tlsWithoutVerification]
                as [EventHubsEndpoint.Security]
            {
                let producer = makeProducer(emulator.amqpPort, security)
                try await producer.send([EventData("x")])
                await producer.close()
            }
            for security in [.tlsTrusting(certificateFile: certificate("other-ca")), .tls]
                as [EventHubsEndpoint.Security]
            {
                let producer = makeProducer(emulator.amqpPort, security)
                do throws(EventHubsError) {
                    try await producer.send([EventData("x")])
                    Issue.record("trusted")
                } catch {
                    #expect(error.code == .connectionLost, "\(error)")
                    #expect(!error.isTransient, "\(error)")
                }
                await producer.close()
            }
        }
    }

    @Test("With every frame traced, no key, token or signature is logged")
    func tracedSecrets() async throws {
        let log = LogRecorder()
        try await withHub { emulator in
            var configuration = impatient
            configuration.logger = log.logger
            configuration.tracesFrames = true
            let producer = try emulator.makeProducer(configuration)
            _ = try await producer.properties()
            try await producer.send([EventData("x")])
            await producer.close()
            let wrong = EventHubProducer(
                endpoint: producer.endpoint,
                credential: SharedAccessKeyCredential(keyName: "RootManageSharedAccessKey", key: "WRONG_KEY"),
                configuration: configuration
            )
            try? await wrong.send([EventData("x")])
            await wrong.close()
        }
        #expect(log.texts.contains { $0.contains("open") || $0.contains("Open") })
        for line in log.texts {
            #expect(!line.contains("SAS_KEY_VALUE") && !line.contains("WRONG_KEY"), "\(line)")
            #expect(!line.contains("SharedAccessSignature sr=") && !line.contains("&sig="), "\(line)")
        }
    }
}
