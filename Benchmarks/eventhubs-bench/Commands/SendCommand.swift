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

/// The send path: against any AMQP 1.0 server, or as a series against the replay listener's sink.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send messages and wait for every outcome, many at a time.",
        discussion: "With --url one measurement against that server; without, the series over body sizes."
    )

    @OptionGroup var node: NodeOptions

    @Option(help: "With --url: messages to send.")
    var events = 1_000_000

    @Option(help: "With --url: bytes in a message's body.")
    var bodySize = 100

    @Option(help: "With --url: messages under way at the same time on each connection, each sent by a task of its own.")
    var concurrency = 256

    @Flag(help: "With --url: one task submits them all, and waits for their outcomes later.")
    var submit = false

    @OptionGroup var series: SeriesOptions

    mutating func validate() throws {
        guard events > 0, (1...65_536).contains(concurrency), (1...60_000).contains(bodySize) else {
            throw ValidationError(
                "--events has to be positive, --concurrency from 1 to 65536 and --body-size from 1 to 60000"
            )
        }
    }

    func run() async throws {
        guard let url = node.url else { return try series.run(Self.experiments) }
        let (bodySize, concurrency, submits) = (bodySize, concurrency, submit)
        try await node.measure(events, at: NodeURL(url, caFile: node.ca)) { count, node, meter in
            try await Self.send(count, of: bodySize, to: node, concurrency: concurrency, submits: submits, meter: meter)
        }
    }

    static let experiments = [single, batched, buffered]

    private static let single = Experiment(
        name: "send",
        title: "Send one by one, pipelined",
        note: """
            One message per event, 256 under way: `send` by 256 tasks, each of which waits for the outcome before it sends the \
            next; `submit` by one task, which waits for the oldest outcome when there are 256. The reference writes as many \
            bytes to a socket whose other end drops them.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
        contenders: [
            pour(overhead: 45),
            one("send", by: []),
            one("submit", by: ["--submit"]),
        ]
    )

    private static func one(_ name: String, by flags: [String]) -> Experiment.Contender {
        .init(name: name) { point, source in
            .own(
                [
                    "send",
                    "--json",
                    "--events",
                    point.events(0.1),
                    "--body-size",
                    String(point.value),
                    "--url",
                    "amqp://127.0.0.1:\(source?.port ?? "0")/replay",
                ] + flags
            )
        }
    }

    private static let batched = Experiment(
        name: "send-batches",
        title: "Send in batches",
        note: """
            The producer of Event Hubs: batches of 256 KiB, four filled or under way at a time; encoding is part of it. The \
            reference writes as many bytes to a socket whose other end drops them.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
        contenders: [
            pour(overhead: 10),
            .init(name: "batches") { point, source in
                .own(
                    "probe",
                    "batches",
                    "--port",
                    source?.port ?? "0",
                    "--events",
                    point.events(0.3),
                    "--body-size",
                    String(point.value)
                )
            },
        ]
    )

    /// The reference: it brings its own other end.
    private static func pour(overhead: Int) -> Experiment.Contender {
        .init(name: "raw write", isReference: true) { point, _ in
            .own(
                "probe",
                "pour",
                "--events",
                point.events(0.5),
                "--body-size",
                String(point.value),
                "--overhead",
                String(overhead)
            )
        }
    }

    @concurrent
    private static func send(
        _ count: Int,
        of bodySize: Int,
        to node: NodeURL,
        concurrency: Int,
        submits: Bool,
        meter: Meter
    ) async throws {
        let message = Message(data: (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }).encoded()
        let configuration = AMQPConnectionConfiguration(sasl: node.sasl)
        try await AMQPConnection.withConnection(to: node.endpoint, configuration: configuration) { connection in
            let session = try await connection.makeSession()
            try await session.withSender(to: node.address) { sender in
                meter.begin()
                if submits {
                    try await submit(message, count, atOnce: concurrency, by: sender)
                } else {
                    try await send(message, count, atOnce: concurrency, by: sender)
                }
                meter.finish(events: count, bodyBytes: count * bodySize)
            }
        }
    }

    /// As many tasks as messages may be under way, each waits for the outcome of one before it sends the next.
    private static func send(
        _ message: [UInt8],
        _ count: Int,
        atOnce concurrency: Int,
        by sender: AMQPSender
    ) async throws {
        try await withThrowingTaskGroup { group in
            for index in 0..<min(concurrency, count) {
                let share = count / concurrency + (index < count % concurrency ? 1 : 0)
                group.addTask {
                    for _ in 0..<share { try check(try await sender.send(encoded: message)) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// One task, which waits for the oldest outcome when as many messages are under way as may be.
    private static func submit(
        _ message: [UInt8],
        _ count: Int,
        atOnce concurrency: Int,
        by sender: AMQPSender
    ) async throws {
        var receipts: [SendReceipt] = []
        for index in 0..<count {
            if index < concurrency {
                receipts.append(try await sender.submit(encoded: message))
            } else {
                try check(try await receipts[index % concurrency].outcome())
                receipts[index % concurrency] = try await sender.submit(encoded: message)
            }
        }
        for receipt in receipts { try check(try await receipt.outcome()) }
    }

    private static func check(_ outcome: Outcome) throws {
        guard case .accepted = outcome else { throw RefusedMessage(outcome: outcome) }
    }
}

/// A message that the server did not accept.
struct RefusedMessage: Error, CustomStringConvertible {
    let outcome: Outcome

    var description: String { "the server did not accept a message: \(outcome)" }
}
