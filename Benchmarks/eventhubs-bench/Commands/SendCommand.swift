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

internal import AMQPClient
internal import AMQPCodec
internal import ArgumentParser

/// The send path against any AMQP 1.0 server.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send messages and wait for every outcome, many at a time."
    )

    @OptionGroup var node: NodeOptions

    @Option(help: "Messages to send.")
    var events = 1_000_000

    @Option(help: "Tasks that send at the same time on each connection.")
    var concurrency = 256

    mutating func validate() throws {
        guard events > 0, (1...65_536).contains(concurrency) else {
            throw ValidationError("--events has to be positive and --concurrency from 1 to 65536")
        }
    }

    func run() async throws {
        let (bodySize, concurrency) = (node.bodySize, concurrency)
        try await node.measure(events, at: "replay") { count, node, meter in
            try await Self.send(count, of: bodySize, to: node, concurrency: concurrency, meter: meter)
        }
    }

    @concurrent
    private static func send(
        _ count: Int,
        of bodySize: Int,
        to node: NodeURL,
        concurrency: Int,
        meter: Meter
    ) async throws {
        let message = Message(data: (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }).encoded()
        let configuration = AMQPConnectionConfiguration(sasl: node.sasl)
        try await AMQPConnection.withConnection(to: node.endpoint, configuration: configuration) { connection in
            let session = try await connection.makeSession()
            try await session.withSender(to: node.address) { sender in
                meter.begin()
                try await withThrowingTaskGroup { group in
                    for index in 0..<min(concurrency, count) {
                        let share = count / concurrency + (index < count % concurrency ? 1 : 0)
                        group.addTask {
                            for _ in 0..<share {
                                let outcome = try await sender.send(encoded: message)
                                guard case .accepted = outcome else { throw RefusedMessage(outcome: outcome) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                meter.finish(events: count, bodyBytes: count * bodySize)
            }
        }
    }
}

/// A message that the server did not accept.
struct RefusedMessage: Error, CustomStringConvertible {
    let outcome: Outcome

    var description: String { "the server did not accept a message: \(outcome)" }
}
