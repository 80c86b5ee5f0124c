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

/// The receive path: against any AMQP 1.0 server, or as a series against the replay listener.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive events and touch each one's sequence number and body.",
        discussion: "With --url one measurement against that server; without, the series over body sizes."
    )

    @OptionGroup var node: NodeOptions

    @Option(help: "With --url: events to receive.")
    var events = 5_000_000

    @Option(help: "With --url: link credit, which is events on their way or waiting to be consumed.")
    var credit = 20_000

    @OptionGroup var series: SeriesOptions

    mutating func validate() throws {
        guard events > 0, (1...10_000_000).contains(credit) else {
            throw ValidationError("--events has to be positive and --credit from 1 to 10000000")
        }
    }

    func run() async throws {
        guard let url = node.url else { return try series.run([Self.experiment]) }
        let credit = credit
        try await node.measure(events, at: NodeURL(url, caFile: node.ca)) { count, node, meter in
            try await Self.receive(count, from: node, credit: credit, meter: meter)
        }
    }

    static let experiment = Experiment(
        name: "receive",
        title: "Receive over plain TCP",
        note: """
            One connection, one partition, an asynchronous consumer that touches the sequence number and the first bytes of \
            every event. The reference reads the same bytes off a socket and drops them: what the kernel's copy costs.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
        contenders: [
            .init(name: "raw drain", isReference: true) { point, source in
                .own(
                    "probe",
                    "drain",
                    "--port",
                    source?.port ?? "0",
                    "--events",
                    point.events(0.6),
                    "--body-size",
                    String(point.value)
                )
            },
            .init(name: "receive") { point, source in
                .own(
                    "receive",
                    "--json",
                    "--events",
                    point.events(0.6),
                    "--url",
                    "amqp://127.0.0.1:\(source?.port ?? "0")/replay/Partitions/0"
                )
            },
        ]
    )

    @concurrent
    private static func receive(_ count: Int, from node: NodeURL, credit: Int, meter: Meter) async throws {
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
