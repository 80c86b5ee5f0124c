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
import Foundation
import Logging

/// The node that Tests/Interop/rabbitmq/run has started.
enum RabbitMQ {
    private static let environment = ProcessInfo.processInfo.environment

    static var isRunning: Bool { environment["INTEROP_RABBITMQ_PORT"] != nil }

    static var port: Int { environment["INTEROP_RABBITMQ_PORT"].flatMap { Int($0) } ?? 5672 }

    static var tlsPort: Int { environment["INTEROP_RABBITMQ_TLS_PORT"].flatMap { Int($0) } ?? 5671 }

    static var endpoint: AMQPEndpoint { AMQPEndpoint(host: "127.0.0.1", port: port, tls: nil) }

    static func configuration(
        _ sasl: AMQPConnectionConfiguration.SASL = .plain(user: "guest", password: "guest")
    ) -> AMQPConnectionConfiguration {
        var configuration = AMQPConnectionConfiguration(sasl: sasl)
        if environment["INTEROP_TRACE"] != nil {
            configuration.logger = Logger(label: "interop") { StreamLogHandler.standardError(label: $0) }
            configuration.traceFrames = true
        }
        return configuration
    }

    static func certificate(_ name: String, file: String = #filePath) -> String {
        let root = file.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/Fixtures/Certificates/\(name).pem"
    }

    /// Runs an administrator's command.
    static func control(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/lib/rabbitmq/bin/rabbitmqctl")
        process.arguments = ["-q"] + arguments
        var environment = Self.environment
        environment["HOME"] = environment["INTEROP_RABBITMQ_HOME"]
        process.environment = environment
        try process.run()
        process.waitUntilExit()
    }

    /// A queue that nobody else uses.
    static func queue(_ name: String = #function) -> String {
        "/queue/" + name.prefix { $0.isLetter } + "-\(UInt32.random(in: 0 ... .max))"
    }

    static func withSession<Result>(
        _ configuration: AMQPConnectionConfiguration = configuration(),
        to endpoint: AMQPEndpoint = endpoint,
        _ body: (AMQPSession) async throws -> Result
    ) async throws -> Result {
        try await AMQPConnection.withConnection(to: endpoint, configuration: configuration) { connection in
            try await connection.withSession(body)
        }
    }
}

extension AMQPReceiver {
    /// The next message alone.
    func next() async throws -> Delivery? {
        guard case .batch(let batch) = try await nextBatch(maximumCount: 1, maximumWait: .seconds(30)) else {
            return nil
        }
        return batch.first
    }

    /// What comes within a moment: the proof that nothing does.
    func nextSoon() async throws -> Delivery? {
        guard case .batch(let batch) = try await nextBatch(maximumCount: 1, maximumWait: .milliseconds(300)) else {
            return nil
        }
        return batch.first
    }
}
