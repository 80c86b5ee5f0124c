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
internal import AMQPEngine
internal import ArgumentParser

/// The receive path against any AMQP 1.0 server.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive events and touch each one's sequence number and body.",
        discussion: "Without --url, a replay listener in a process of its own is the source."
    )

    @Option(help: "amqp[s]://[user:password@]host:port/address")
    var url: String?

    @Option(help: "Events to receive.")
    var events = 5_000_000

    @Option(help: "Link credit: events on their way or waiting to be consumed.")
    var credit = 20_000

    @Option(help: "Connections, each with one link; they share the events.")
    var connections = 1

    @Option(help: "Bytes in an event's body, for the replay listener.")
    var bodySize = 100

    @Option(help: "A PEM file with the certificates to trust, for amqps.")
    var ca: String?

    @Flag(help: "Print one JSON object on one line.")
    var json = false

    mutating func validate() throws {
        guard events > 0, (1...10_000_000).contains(credit), (1...1024).contains(connections) else {
            throw ValidationError("--events has to be positive, --credit from 1, --connections from 1 to 1024")
        }
        if let url { _ = try NodeURL(url, caFile: ca) }
    }

    func run() async throws {
        if let url {
            try await measure(NodeURL(url, caFile: ca))
        } else {
            let replay = try ReplayProcess(bodySize: bodySize)
            try await measure(NodeURL("amqp://127.0.0.1:\(replay.port)/replay/Partitions/0", caFile: nil))
        }
    }

    /// Off the main actor, whose every hop would cost tens of microseconds.
    @concurrent
    private func measure(_ node: NodeURL) async throws {
        let meter = Meter()
        try await withThrowingTaskGroup { group in
            for index in 0..<connections {
                let share = events / connections + (index < events % connections ? 1 : 0)
                group.addTask { try await receive(share, from: node, meter: meter) }
            }
            try await group.waitForAll()
        }
        guard let measurement = meter.measurement else { return }
        print(json ? measurement.json : measurement.text)
    }

    @concurrent
    private func receive(_ count: Int, from node: NodeURL, meter: Meter) async throws {
        var options = AMQPReceiverOptions()
        options.credit = .window(credit)
        options.senderSettleMode = .settled
        options.projection = AnnotationProjection([
            .init("x-opt-sequence-number", .long), .init("x-opt-offset", .string),
            .init("x-opt-enqueued-time", .timestamp),
        ])
        let configuration = AMQPConnectionConfiguration(sasl: node.sasl)
        try await AMQPConnection.withConnection(to: node.endpoint, configuration: configuration) { connection in
            let session = try await connection.makeSession()
            try await session.withReceiver(from: node.address, options: options) { receiver in
                var received = 0
                var bodyBytes = 0
                var checksum: Int64 = 0
                while received < count, let batch = try await receiver.nextBatch() {
                    if received == 0 { meter.begin() }
                    for delivery in batch.prefix(count - received) {
                        checksum &+= delivery.integer(0) ?? 0
                        let body = delivery.body
                        bodyBytes += body.byteCount
                        if body.byteCount >= 8 {
                            checksum &+= body.unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self)
                        }
                    }
                    received += min(batch.count, count - received)
                    if let last = batch.last, !last.isSettled { try receiver.settle(batch, as: .accepted) }
                }
                meter.finish(events: received, bodyBytes: bodyBytes)
                // Keeps the reads above from being optimised away.
                if checksum == .min { print("checksum \(checksum)") }
            }
        }
    }
}
