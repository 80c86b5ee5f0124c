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

import EventHubsAdministration
import EventHubsEmulator
import EventHubsProcessor
import Testing

@testable import EventHubs

/// A hub gets more partitions while it is read.
@Suite("Growth of a hub", .timeLimit(.minutes(5)))
struct GrowthTests {
    private func administration(of emulator: EventHubsEmulator) throws -> EventHubsAdministrationClient {
        try EventHubsAdministrationClient(
            connectionString: emulator.connectionString(),
            configuration: .init(endpoint: "http://127.0.0.1:\(emulator.httpPort)")
        )
    }

    @Test("a consumer of all partitions reads the new ones from their start")
    func consumer() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 1)
            let consumer = try emulator.makeConsumer()
            // As `withAllPartitions`, but for the minute between two looks at the list of partitions.
            let reader = HubReader(
                list: { () async throws(EventHubsError) in try await consumer.properties().partitionIDs },
                open: { id, position async throws(EventHubsError) in
                    try await consumer.openPartition(id, from: position)
                },
                sleep: { _ in try await Task.sleep(for: .milliseconds(20)) },
                logger: nil
            )
            let run = Task { await reader.run(try await reader.list(), from: .earliest) }
            var events = EventHubEvents(exchange: reader.exchange).makeAsyncIterator()
            #expect(try await events.next()?.partitionID == "0")
            try await administration(of: emulator).updateEventHub("hub1") { $0.partitionCount = 4 }
            try await emulator.fill("3", count: 5)
            var read: [String] = []
            while read.count < 5, let next = try await events.next() {
                #expect(next.partitionID == "3")
                read += next.events.map(\.text)
            }
            #expect(read == (0..<5).map { "event \($0)" })
            run.cancel()
            _ = try await run.value
            await consumer.close()
        }
    }

    @Test("a host claims the new partitions and processes them from their start")
    func host() async throws {
        struct Reader: EventProcessor {
            func process(_ events: EventBatch, in context: PartitionContext) async throws {}
        }
        try await withHub { emulator in
            try await emulator.fill("0", count: 1)
            let leases = InMemoryLeaseManager()
            let checkpoints = InMemoryCheckpointManager(leaseManager: leases)
            var configuration = HostConfiguration(checkpointPolicy: .every(.milliseconds(50)))
            configuration.updateInterval = .milliseconds(100)
            configuration.leaseDuration = .seconds(10)
            configuration.partitionRefreshInterval = .milliseconds(100)
            let consumer = try emulator.makeConsumer()
            let host = EventProcessorHost(
                consumer: consumer,
                leaseManager: leases,
                checkpointManager: checkpoints,
                configuration: configuration
            ) { _ in Reader() }
            let run = Task { try await host.run() }
            try await emulator.until(within: .seconds(60)) { _ in
                try await checkpoints.checkpoint(for: "0")?.sequenceNumber == 0
            }
            try await administration(of: emulator).updateEventHub("hub1") { $0.partitionCount = 4 }
            try await emulator.fill("3", count: 5)
            try await emulator.until(within: .seconds(60)) { emulator in
                let last = try await checkpoints.checkpoint(for: "3")?.sequenceNumber
                return last == 4 && emulator.partitions(of: "hub1").allSatisfy { $0.receivers.count == 1 }
            }
            host.shutDown()
            try await run.value
            await consumer.close()
        }
    }
}
