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

import EventHubsEmulator
import EventHubsProcessor
import SQLiteStore
import Synchronization
import Testing

/// Two hosts, as two processes would be, on one database file.
@Suite(.timeLimit(.minutes(5))) struct SharedPartitionsTests {
    private static let partitions = 4
    private static let eventsPerPartition = 50

    @Test func twoHostsShareThePartitions() async throws {
        let hub = EmulatorConfiguration.Hub(name: "telemetry", partitionCount: Self.partitions)
        var emulated = EmulatorConfiguration(hubs: [hub])
        emulated.amqpPort = 0
        emulated.httpPort = 0
        try await EventHubsEmulator.withEmulator(emulated) { emulator in
            try await withDatabase { path in
                try await share(path, emulator.connectionString(hub: "telemetry"))
            }
        }
    }

    private func share(_ path: String, _ connectionString: String) async throws {
        let ledger = Ledger()
        let consumers = try (0..<2).map { _ in try EventHubConsumer(connectionString: connectionString) }
        let hosts = try zip(consumers, ["one", "other"] as [HostID]).map { consumer, name in
            let store = try SQLiteStore(path: path, for: consumer)
            return EventProcessorHost(
                consumer: consumer,
                leaseManager: store,
                checkpointManager: store,
                configuration: configuration(name)
            ) { _ in ledger }
        }
        let runs = hosts.map { host in Task { try await host.run() } }
        try await until("both hosts own half of the partitions") {
            for host in hosts where await host.status().partitions.count != Self.partitions / 2 { return false }
            return true
        }
        try await send(connectionString)
        try await until("everything is processed") { ledger.count == Self.partitions * Self.eventsPerPartition }

        hosts[0].shutDown()
        try await runs[0].value
        try await until("the other host owns everything") {
            await hosts[1].status().partitions.count == Self.partitions
        }
        try await send(connectionString)
        try await until("what came after the stop is processed too") {
            ledger.count == 2 * Self.partitions * Self.eventsPerPartition
        }
        hosts[1].shutDown()
        try await runs[1].value
        for consumer in consumers { await consumer.close() }
        #expect(ledger.isInOrder)
        #expect(ledger.repeats == 0, "a host that stops leaves a checkpoint at its last event")
    }

    private func configuration(_ name: HostID) -> HostConfiguration {
        var configuration = HostConfiguration(hostID: name, checkpointPolicy: .every(.milliseconds(100)))
        configuration.updateInterval = .milliseconds(200)
        configuration.leaseDuration = .seconds(30)
        configuration.logger.logLevel = .critical
        return configuration
    }

    private func send(_ connectionString: String) async throws {
        let producer = try EventHubProducer(connectionString: connectionString)
        for partition in 0..<Self.partitions {
            let events = (0..<Self.eventsPerPartition).map { EventData("event \($0)") }
            try await producer.send(events, to: .partition(PartitionID("\(partition)")))
        }
        await producer.close()
    }

    private func until(_ what: Comment, _ condition: () async -> Bool) async throws {
        for _ in 0..<3_000 {
            if await condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record(what)
        throw CancellationError()
    }
}

/// What was processed, by partition, in order.
final class Ledger: EventProcessor, Sendable {
    private let numbers = Mutex<[PartitionID: [Int64]]>([:])

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        let new = events.map(\.sequenceNumber)
        numbers.withLock { $0[context.partitionID, default: []] += new }
    }

    var count: Int { numbers.withLock { $0.values.reduce(0) { $0 + Set($1).count } } }
    var repeats: Int { numbers.withLock { $0.values.reduce(0) { $0 + $1.count - Set($1).count } } }
    var isInOrder: Bool { numbers.withLock { $0.values.allSatisfy { $0 == $0.sorted() } } }
}
