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
internal import EventHubs

/// The producer of Event Hubs: events, each with a body of its own, gathered in batches, a few batches under way at a time.
struct BatchProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "batches")

    @Option var port: Int
    @Option var events: Int
    @Option var bodySize: Int
    @Option(help: "Batches that are filled or under way at the same time.") var concurrency = 4
    @Option(help: "Bytes of a batch.") var batchSize = 256 * 1024
    @Option(help: "Partitions that those who fill batches send to, each to one.") var partitions = 1

    @concurrent
    func run() async throws {
        let producer = EventHubProducer(
            endpoint: EventHubsEndpoint(
                host: "127.0.0.1",
                port: port,
                eventHubName: "replay",
                security: .plaintext
            ),
            credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
        )
        let pattern = (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }
        // Opens the links, which is not measured.
        for index in 0..<partitions {
            try await producer.send([EventData(pattern.copied())], to: .partition(PartitionID("\(index)")))
        }
        let meter = Meter()
        meter.begin()
        try await withThrowingTaskGroup { group in
            for index in 0..<concurrency {
                let share = events / concurrency + (index < events % concurrency ? 1 : 0)
                group.addTask { @concurrent [batchSize, partitions] in
                    var rest = share
                    let target = PartitionTarget.partition(PartitionID("\(index % partitions)"))
                    var batch = try await producer.makeBatch(target, maximumSize: batchSize)
                    while rest > 0 {
                        batch.removeAll()
                        while rest > 0, batch.tryAdd(EventData(pattern.copied())) { rest -= 1 }
                        try await producer.send(batch)
                    }
                }
            }
            try await group.waitForAll()
        }
        meter.finish(events: events, bodyBytes: events * bodySize)
        await producer.close()
        if let measurement = meter.measurement { print(measurement.json) }
    }
}

extension [UInt8] {
    /// The same bytes in memory of their own, as every event has a body of its own.
    func copied() -> [UInt8] { withUnsafeBufferPointer { [UInt8]($0) } }
}
