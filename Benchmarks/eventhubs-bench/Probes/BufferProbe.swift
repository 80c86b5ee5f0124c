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

/// The buffered producer of Event Hubs: events given one by one, batches as large as ``BatchProbe`` has.
struct BufferProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "buffer")

    @Option var port: Int
    @Option var events: Int
    @Option var bodySize: Int
    @Option(help: "Tasks that enqueue at the same time, each to a partition of its own.") var concurrency = 4
    @Option(help: "Bytes of a batch.") var batchSize = 256 * 1024

    @concurrent
    func run() async throws {
        let producer = BufferedEventHubProducer(
            EventHubProducer(
                endpoint: EventHubsEndpoint(
                    host: "127.0.0.1",
                    port: port,
                    eventHubName: "replay",
                    security: .plaintext
                ),
                credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
            ),
            options: BufferingOptions(maximumBatchSize: batchSize)
        )
        let pattern = (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }
        // Opens the links, which is not measured.
        for index in 0..<concurrency {
            try await producer.enqueue(EventData(pattern.copied()), to: .partition(PartitionID("\(index)")))
        }
        try await producer.flush()
        let meter = Meter()
        meter.begin()
        try await withThrowingTaskGroup { group in
            for index in 0..<concurrency {
                let share = events / concurrency + (index < events % concurrency ? 1 : 0)
                group.addTask { @concurrent in
                    let target = PartitionTarget.partition(PartitionID("\(index)"))
                    for _ in 0..<share { try await producer.enqueue(EventData(pattern.copied()), to: target) }
                }
            }
            try await group.waitForAll()
        }
        try await producer.flush()
        meter.finish(events: events, bodyBytes: events * bodySize)
        try await producer.close()
        if let measurement = meter.measurement { print(measurement.json) }
    }
}
