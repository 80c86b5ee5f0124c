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
        abstract: "Send messages and wait for every outcome, many at a time.",
        discussion: "Without --url, a replay listener in a process of its own accepts them."
    )

    @Option(help: "amqp[s]://[user:password@]host:port/address")
    var url: String?

    @Option(help: "Messages to send.")
    var events = 1_000_000

    @Option(help: "Tasks that send at the same time on each connection.")
    var concurrency = 256

    @Option(help: "Connections, each with one link; they share the messages.")
    var connections = 1

    @Option(help: "Bytes in a message's body.")
    var bodySize = 100

    @Option(help: "A PEM file with the certificates to trust, for amqps.")
    var ca: String?

    @Flag(help: "Print one JSON object on one line.")
    var json = false

    mutating func validate() throws {
        guard events > 0, (1...65_536).contains(concurrency), (1...1024).contains(connections),
            (0...1_000_000).contains(bodySize)
        else {
            throw ValidationError(
                "--events has to be positive, --concurrency from 1 to 65536, --connections from 1 to 1024, "
                    + "--body-size up to 1000000"
            )
        }
        if let url { _ = try NodeURL(url, caFile: ca) }
    }

    func run() async throws {
        if let url {
            try await measure(NodeURL(url, caFile: ca))
        } else {
            let replay = try ReplayProcess(bodySize: 1)
            try await measure(NodeURL("amqp://127.0.0.1:\(replay.port)/replay", caFile: nil))
        }
    }

    @concurrent
    private func measure(_ node: NodeURL) async throws {
        let meter = Meter()
        try await withThrowingTaskGroup { group in
            for index in 0..<connections {
                let share = events / connections + (index < events % connections ? 1 : 0)
                group.addTask { try await send(share, to: node, meter: meter) }
            }
            try await group.waitForAll()
        }
        guard let measurement = meter.measurement else { return }
        print(json ? measurement.json : measurement.text)
    }

    @concurrent
    private func send(_ count: Int, to node: NodeURL, meter: Meter) async throws {
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
