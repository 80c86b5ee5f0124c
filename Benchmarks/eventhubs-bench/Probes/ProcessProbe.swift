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
internal import EventHubsProcessor
internal import Logging

/// A full processor host, or the receivers that it is built on, against a replay listener.
struct ProcessProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "process")

    @Option var port: Int
    @Option var events: Int
    @Option var partitions: Int
    @Option(help: "Events prefetched for each partition.") var prefetch = 5_000
    @Flag(help: "Read the partitions without a host.") var direct = false

    /// Off the main actor, whose every hop would cost tens of microseconds.
    @concurrent
    func run() async throws {
        let consumer = EventHubConsumer(
            endpoint: EventHubsEndpoint(
                host: "127.0.0.1",
                port: port,
                eventHubName: "replay",
                security: .plaintext
            ),
            credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
        )
        let ids = (0..<partitions).map { PartitionID(String($0)) }
        let tally = EventTally(goal: events, partitions: ids)
        if direct {
            try await receive(ids, from: consumer, tally: tally)
        } else {
            try await process(from: consumer, tally: tally)
        }
        await consumer.close()
        if let measurement = tally.meter.measurement { print(measurement.json) }
    }

    private func receive(_ ids: [PartitionID], from consumer: EventHubConsumer, tally: EventTally) async throws {
        let options = PartitionOptions(ownerLevel: 0, prefetchCount: prefetch)
        try await withThrowingTaskGroup { group in
            for id in ids {
                group.addTask { @concurrent in
                    let receiver = try await consumer.openPartition(id, from: .earliest, options: options)
                    while let batch = try await receiver.nextBatch(), tally.add(batch, of: id) {}
                    await receiver.close()
                }
            }
            try await group.waitForAll()
        }
    }

    private func process(from consumer: EventHubConsumer, tally: EventTally) async throws {
        var configuration = HostConfiguration.quiet
        configuration.prefetchCount = prefetch
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: InMemoryLeaseManager(),
            checkpointManager: InMemoryCheckpointManager(),
            configuration: configuration
        ) { context in CountingProcessor(partition: context.partitionID, tally: tally) }
        tally.onGoal { host.shutDown() }
        try await host.run()
    }
}

/// A processor that does nothing but look at its events.
private struct CountingProcessor: EventProcessor {
    let partition: PartitionID
    let tally: EventTally

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        _ = tally.add(events, of: partition)
    }
}

extension HostConfiguration {
    /// The defaults, among them a checkpoint every 10 s, without a line for each partition.
    static var quiet: HostConfiguration {
        var logger = Logger(label: "eventhubs-bench")
        logger.logLevel = .error
        return HostConfiguration(checkpointPolicy: .every(.seconds(10)), logger: logger)
    }
}
