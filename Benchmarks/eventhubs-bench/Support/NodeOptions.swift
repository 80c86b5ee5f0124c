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

internal import ArgumentParser

/// The options that receiving and sending have in common, and the run that they share.
struct NodeOptions: ParsableArguments {
    @Option(help: "amqp[s]://[user:password@]host:port/address; without it, a replay listener in a process of its own.")
    var url: String?

    @Option(help: "Connections, each with one link; they share the events.")
    var connections = 1

    @Option(help: "Bytes in an event's body.")
    var bodySize = 100

    @Option(help: "A PEM file with the certificates to trust, for amqps.")
    var ca: String?

    @Flag(help: "Print one JSON object on one line.")
    var json = false

    mutating func validate() throws {
        guard (1...1024).contains(connections), (1...60_000).contains(bodySize) else {
            throw ValidationError("--connections has to be from 1 to 1024 and --body-size from 1 to 60000")
        }
        if let url { _ = try NodeURL(url, caFile: ca) }
    }

    /// Runs `work` on every connection with its share of the events, and prints what it cost.
    ///
    /// Off the main actor, whose every hop would cost tens of microseconds.
    @concurrent
    func measure(
        _ events: Int,
        at replayAddress: String,
        _ work: @escaping @Sendable @concurrent (_ share: Int, NodeURL, Meter) async throws -> Void
    ) async throws {
        if let url {
            try await measure(events, at: NodeURL(url, caFile: ca), work)
        } else {
            let replay = try ReplayProcess(bodySize: bodySize)
            try await measure(
                events,
                at: NodeURL("amqp://127.0.0.1:\(replay.port)/\(replayAddress)", caFile: nil),
                work
            )
        }
    }

    @concurrent
    private func measure(
        _ events: Int,
        at node: NodeURL,
        _ work: @escaping @Sendable @concurrent (Int, NodeURL, Meter) async throws -> Void
    ) async throws {
        let meter = Meter()
        try await withThrowingTaskGroup { group in
            for index in 0..<connections {
                let share = events / connections + (index < events % connections ? 1 : 0)
                group.addTask { try await work(share, node, meter) }
            }
            try await group.waitForAll()
        }
        guard let measurement = meter.measurement else { return }
        print(json ? measurement.json : measurement.text)
    }
}
