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

import EventHubs
import EventHubsEmulator
import EventHubsProcessor
import Logging
import Synchronization
import Testing

@testable import EventHubsBlobStore

/// Hosts that keep to the layout of older ones, over the emulator: blob leases, epochs, receivers.
@Suite(.timeLimit(.minutes(5))) struct LegacyHostsOverEmulatorTests {
    struct Recorder: EventProcessor {
        let record: HostsOverEmulatorTests.Record

        func process(_ events: EventBatch, in context: PartitionContext) async throws {
            record.note(events, in: context.partitionID)
        }
    }

    @Test func hostsShareByBlobLeasesAndFenceByTheirEpochs() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 4)])
        configuration.amqpPort = 0
        configuration.httpPort = 0
        let record = HostsOverEmulatorTests.Record()
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let connectionString = emulator.connectionString(hub: "hub1")
            let client = BlobContainerClient(
                try BlobContainerLocation(connectionString: emulator.blobConnectionString, container: "leases")
            )
            func makeHost(_ name: HostID, _ consumer: EventHubConsumer) -> EventProcessorHost {
                let store = LegacyBlobStore(
                    client: client,
                    consumerGroup: consumer.consumerGroup,
                    createsContainer: true
                )
                var configuration = HostConfiguration(
                    hostID: name,
                    checkpointPolicy: .every(.milliseconds(100)),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                configuration.updateInterval = .milliseconds(200)
                configuration.leaseDuration = .seconds(15)
                return EventProcessorHost(
                    consumer: consumer,
                    leaseManager: store,
                    checkpointManager: store,
                    configuration: configuration
                ) { _ in Recorder(record: record) }
            }
            func send(_ count: Int) async throws {
                let producer = try EventHubProducer(connectionString: connectionString)
                for partition in 0..<4 {
                    let events = (0..<count).map { EventData("event \($0)") }
                    try await producer.send(events, to: .partition(PartitionID("\(partition)")))
                }
                await producer.close()
            }
            /// The owner levels the partitions are read with.
            var levels: [Int64] { emulator.partitions(of: "hub1").flatMap { $0.receivers.compactMap(\.ownerLevel) } }

            let consumers = try (0..<2).map { _ in try EventHubConsumer(connectionString: connectionString) }
            let first = makeHost("a", consumers[0])
            let firstRun = Task { try await first.run() }
            try await send(100)
            try await until("first part") { record.distinct == 400 }
            #expect(levels == [1, 1, 1, 1], "each partition has its first owner")

            let second = makeHost("b", consumers[1])
            let secondRun = Task { try await second.run() }
            try await until("what has moved is read with the next epoch") { levels.sorted() == [1, 1, 2, 2] }
            first.shutDown()
            try await firstRun.value
            try await until("second owns all") { await second.status().partitions.count == 4 }
            let before = record.total
            try await send(100)
            try await until("second part") { record.distinct == 800 }
            #expect(record.total - before == 400)
            second.shutDown()
            try await secondRun.value
            for consumer in consumers { await consumer.close() }

            // What is left for the hosts of today, or for those of another language.
            let migration = CheckpointMigration(
                from: client,
                layout: .dotnet,
                to: client,
                scope: BlobStoreScope(of: consumers[0])
            )
            let results = try await migration.run()
            #expect(results.map(\.legacy?.sequenceNumber) == [199, 199, 199, 199])
            #expect(results.allSatisfy { $0.action == .copied && $0.owner == nil })
        }
    }
}
