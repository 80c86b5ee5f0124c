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
import Testing

/// Hosts over a whole stack: failures, parking, positions and ends, as the service tells them.
@Suite("A host's failures", .timeLimit(.minutes(2)))
struct HostFailureTests {
    struct Unreadable: Error {}

    struct Reader: EventProcessor {
        func process(_ events: EventBatch, in context: PartitionContext) async throws {
            for event in events where event.text.hasPrefix("bad") { throw Unreadable() }
        }
    }

    let leases = InMemoryLeaseManager()

    func configuration() -> HostConfiguration {
        var configuration = HostConfiguration(
            checkpointPolicy: .every(.milliseconds(50)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        configuration.updateInterval = .milliseconds(100)
        configuration.leaseDuration = .seconds(10)
        configuration.endCheckInterval = .milliseconds(100)
        configuration.retryBackOff = BackOff(initial: .milliseconds(10), maximum: .milliseconds(100))
        return configuration
    }

    func until(_ what: Comment, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<3_000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record(what)
    }

    @Test("What cannot be processed is parked in another hub, and the rest is processed")
    func parking() async throws {
        let hubs = ["orders", "letters"].map { EmulatorConfiguration.Hub(name: $0, partitionCount: 1) }
        try await EventHubsEmulator.withEmulator(EmulatorConfiguration(hubs: hubs)) { emulator in
            let checkpoints = InMemoryCheckpointManager(leaseManager: leases)
            let orders = try EventHubProducer(connectionString: emulator.connectionString(hub: "orders"))
            let letters = try EventHubProducer(connectionString: emulator.connectionString(hub: "letters"))
            let consumer = try EventHubConsumer(connectionString: emulator.connectionString(hub: "orders"))
            let texts = ["good 0", "bad 1", "good 2", "bad 3", "good 4"]
            try await orders.send(texts.map { EventData($0, properties: [.string("kind"): .string("order")]) })

            var configuration = configuration()
            configuration.failurePolicy = .retry(1, then: .park(EventHubDeadLetterSink(producer: letters)))
            let host = EventProcessorHost(
                consumer: consumer,
                leaseManager: leases,
                checkpointManager: checkpoints,
                configuration: configuration
            ) { _ in
                KeyedProcessor(concurrency: 4, key: { "\($0.sequenceNumber)" }) { event, _ in
                    if event.text.hasPrefix("bad") { throw Unreadable() }
                }
            }
            let run = Task { try await host.run() }
            try await until("all") { try await checkpoints.checkpoint(for: "0")?.sequenceNumber == 4 }
            host.shutDown()
            try await run.value

            let reader = try EventHubConsumer(connectionString: emulator.connectionString(hub: "letters"))
            let receiver = try await reader.openPartition("0", from: .earliest)
            let parked = try await receiver.take(2).sorted { $0.text < $1.text }
            #expect(parked.map(\.text) == ["bad 1", "bad 3"])
            let properties = try #require(try parked.first?.properties)
            #expect(properties[string: "kind"] == .string("order"))
            #expect(properties[string: "dead-letter-hub"] == .string("orders"))
            #expect(properties[string: "dead-letter-sequence-number"] == .long(1))
            #expect(
                properties[string: "dead-letter-reason"]
                    == .string("EndToEndTests.HostFailureTests.Unreadable")
            )
            for client in [consumer, reader] { await client.close() }
            for client in [orders, letters] { await client.close() }
        }
    }

    @Test("The first checkpoint of a partition is a place the service accepts, of an empty one too")
    func start() async throws {
        try await withHub { emulator in
            try await emulator.fill("1", count: 3)
            let checkpoints = InMemoryCheckpointManager(leaseManager: leases)
            for position in [EventPosition.earliest, .latest] {
                let consumer = try emulator.makeConsumer()
                var configuration = configuration()
                configuration.initialPosition = { _ in position }
                let host = EventProcessorHost(
                    consumer: consumer,
                    leaseManager: leases,
                    checkpointManager: checkpoints,
                    configuration: configuration
                ) { _ in Reader() }
                let run = Task { try await host.run() }
                try await until("both have one") {
                    let (empty, full) = (
                        try await checkpoints.checkpoint(for: "0"), try await checkpoints.checkpoint(for: "1")
                    )
                    return empty?.sequenceNumber == -1 && full?.sequenceNumber == 2
                }
                // Where nothing is to come the end is known all the same.
                try await until("no lag") {
                    let partitions = await host.status().partitions
                    return partitions.count == 2 && partitions.allSatisfy { $0.lag == 0 }
                }
                host.shutDown()
                try await run.value
                await consumer.close()
            }
            #expect(try await checkpoints.checkpoint(for: "0")?.offset == "-1")
        }
    }
}
