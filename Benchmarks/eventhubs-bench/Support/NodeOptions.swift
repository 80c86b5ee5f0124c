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

/// The options that a single measurement of receiving and one of sending have in common, and the run that they share.
struct NodeOptions: ParsableArguments {
    @Option(help: "amqp[s]://[user:password@]host:port/address: measure against this server, once.")
    var url: String?

    @Option(help: "With --url: connections, each with one link; they share the events.")
    var connections = 1

    @Option(help: "With --url: a PEM file with the certificates to trust, for amqps.")
    var ca: String?

    @Flag(help: "With --url: print one JSON object on one line.")
    var json = false

    mutating func validate() throws {
        guard (1...1024).contains(connections) else {
            throw ValidationError("--connections has to be from 1 to 1024")
        }
        if let url { _ = try NodeURL(url, caFile: ca) }
    }

    /// Runs `work` on every connection with its share of the events, and prints what it cost.
    ///
    /// Off the main actor, whose every hop would cost tens of microseconds.
    @concurrent
    func measure(
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
