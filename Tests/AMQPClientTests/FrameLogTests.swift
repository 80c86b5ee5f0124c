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

import AMQPClient
import AMQPCodec
import AMQPEngine
import Logging
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameLogTests {
    private struct Handler: LogHandler {
        let lines: Recorder<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.record("\(event.message)")
        }
    }

    @Test func everyFrameIsWrittenWithoutSecrets() async throws {
        let lines = Recorder<String>()
        var configuration = AMQPConnectionConfiguration(sasl: .plain(user: "me", password: "top-secret"))
        configuration.logger = Logger(label: "test") { _ in Handler(lines: lines) }
        configuration.traceFrames = true
        let (connection, _) = try await TestServer.connect(configuration: configuration)
        let sender = try await connection.makeSession().makeSender(to: "node")
        try await sender.send(Message(data: Array("payload".utf8)))
        await connection.close()
        let text = lines.values
        for part in ["-> header SASL", "<- header SASL", "sasl-init", "sasl-outcome", "open", "begin", "attach"] {
            #expect(text.contains { $0.contains(part) }, "\(part) is missing")
        }
        #expect(text.contains { $0.hasPrefix("-> ch 0 transfer") })
        #expect(text.contains { $0.hasPrefix("<- ch 0 disposition") })
        #expect(!text.contains { $0.contains("top-secret") || $0.contains("payload\"") })
    }

    @Test func credentialsAreNotPrinted() {
        let sasl = AMQPConnectionConfiguration.SASL.plain(user: "me", password: "top-secret")
        #expect("\(sasl)" == "PLAIN(me, <redacted>)")
        #expect(!String(reflecting: sasl).contains("top-secret"))
        var dumped = ""
        dump(AMQPConnectionConfiguration(sasl: sasl), to: &dumped)
        #expect(!dumped.contains("top-secret"))
    }
}
