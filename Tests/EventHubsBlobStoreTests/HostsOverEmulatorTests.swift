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

/// Hosts, consumers, blob stores and emulator together: everything but separate processes.
@Suite(.timeLimit(.minutes(5)), .serialized) struct HostsOverEmulatorTests {
    /// What was processed, by partition, in order.
    final class Record: Sendable {
        private let state = Mutex<[PartitionID: [Int64]]>([:])

        func note(_ events: EventBatch, in partition: PartitionID) {
            state.withLock { state in
                for event in events { state[partition, default: []].append(event.sequenceNumber) }
            }
        }

        var all: [PartitionID: [Int64]] { state.withLock { $0 } }
        var distinct: Int { all.values.reduce(0) { $0 + Set($1).count } }
        var total: Int { all.values.reduce(0) { $0 + $1.count } }
    }

    struct Recorder: EventProcessor {
        let record: Record

        func process(_ events: EventBatch, in context: PartitionContext) async throws {
            record.note(events, in: context.partitionID)
        }
    }

    /// What the processors of other libraries do with the container.
    struct LeasesAlone: LeaseManager {
        let base: BlobLeaseManager

        func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
            try await base.prepare(for: partitions, leaseDuration: leaseDuration)
        }

        func leases() async throws -> [Lease] { try await base.leases() }

        func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
            try await base.acquire(lease, for: host)
        }

        func renew(_ lease: Lease) async throws -> Lease? { try await base.renew(lease) }

        func release(_ lease: Lease) async throws { try await base.release(lease) }
    }

    struct Setting: Sendable {
        let emulator: EventHubsEmulator
        let record = Record()

        func consumer() throws -> EventHubConsumer {
            try EventHubConsumer(connectionString: emulator.connectionString(hub: "hub1"))
        }

        func client() throws -> BlobContainerClient {
            BlobContainerClient(
                try BlobContainerLocation(connectionString: emulator.blobConnectionString, container: "leases")
            )
        }

        func host(
            _ name: HostID,
            _ consumer: EventHubConsumer,
            knowsOnlyLeases: Bool = false
        ) throws -> EventProcessorHost {
            let client = try client()
            let scope = BlobStoreScope(of: consumer)
            var configuration = HostConfiguration(
                hostID: name,
                checkpointPolicy: .every(.milliseconds(100)),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            configuration.updateInterval = .milliseconds(200)
            configuration.leaseDuration = .seconds(3)
            configuration.retryBackOff = BackOff(initial: .milliseconds(100), maximum: .seconds(1), jitter: 0)
            let record = record
            func make(_ leases: some LeaseManager) -> EventProcessorHost {
                EventProcessorHost(
                    consumer: consumer,
                    leaseManager: leases,
                    checkpointManager: BlobCheckpointManager(client: client, scope: scope),
                    configuration: configuration
                ) { _ in Recorder(record: record) }
            }
            let leases = BlobLeaseManager(client: client, scope: scope, createsContainer: true)
            return knowsOnlyLeases ? make(LeasesAlone(base: leases)) : make(leases)
        }

        func send(_ count: Int) async throws {
            let producer = try EventHubProducer(connectionString: emulator.connectionString(hub: "hub1"))
            for partition in 0..<8 {
                let events = (0..<count).map { EventData("event \($0)") }
                try await producer.send(events, to: .partition(PartitionID("\(partition)")))
            }
            await producer.close()
        }
    }

    func withSetting(_ body: @Sendable (Setting) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 8)])
        configuration.amqpPort = 0
        configuration.httpPort = 0
        try await EventHubsEmulator.withEmulator(configuration) { try await body(Setting(emulator: $0)) }
    }

    @Test func oneHostProcessesEverythingOnceAndInOrder() async throws {
        try await withSetting { setting in
            try await setting.send(500)
            let consumer = try setting.consumer()
            let host = try setting.host("a", consumer)
            let run = Task { try await host.run() }
            try await until("all events") { setting.record.distinct == 4_000 }
            host.shutDown()
            try await run.value
            await consumer.close()
            for (_, numbers) in setting.record.all { #expect(numbers == Array(0..<500)) }
        }
    }

    /// One host, then two, then the other one alone, while events come all the time.
    private func scaleOutAndIn(
        _ setting: Setting,
        names: [HostID],
        firstKnowsOnlyLeases: Bool
    ) async throws {
        let consumers = [try setting.consumer(), try setting.consumer()]
        let first = try setting.host(names[0], consumers[0], knowsOnlyLeases: firstKnowsOnlyLeases)
        let second = try setting.host(names[1], consumers[1])
        let firstRun = Task { try await first.run() }
        try await until("first owns all") { await first.status().partitions.count == 8 }
        try await setting.send(200)
        let secondRun = Task { try await second.run() }
        try await setting.send(200)
        try await until("shared") {
            let (left, right) = (await first.status().partitions.count, await second.status().partitions.count)
            return left == 4 && right == 4
        }
        try await setting.send(200)
        try await until("both parts") { setting.record.distinct == 4_800 }
        // A deployment: the first host stops in good order.
        let before = setting.record.total
        first.shutDown()
        try await firstRun.value
        try await until("second owns all") { await second.status().partitions.count == 8 }
        try await setting.send(200)
        try await until("last part") { setting.record.distinct == 6_400 }
        #expect(setting.record.total - before == 1_600, "a stop in good order repeats nothing")
        second.shutDown()
        try await secondRun.value
        for consumer in consumers { await consumer.close() }
    }

    @Test func plannedMovesRepeatNothing() async throws {
        try await withSetting { setting in
            try await scaleOutAndIn(setting, names: ["pod/1.a", "pod/2.b"], firstKnowsOnlyLeases: false)
            for (_, numbers) in setting.record.all { #expect(numbers == Array(0..<800), "once, and in order") }
            let left = try await setting.client().list(prefix: "")
            #expect(!left.contains { $0.name.contains("/host/") }, "hosts that have stopped leave no record")
        }
    }

    @Test func stealsFromHostsThatKnowOnlyLeasesLoseNothing() async throws {
        try await withSetting { setting in
            try await scaleOutAndIn(setting, names: ["python", "b"], firstKnowsOnlyLeases: true)
            for (_, numbers) in setting.record.all { #expect(Set(numbers) == Set(0..<800), "nothing is lost") }
        }
    }

    @Test func takesOverFromAHostThatWasKilled() async throws {
        try await withSetting { setting in
            try await setting.send(100)
            let consumers = [try setting.consumer(), try setting.consumer()]
            let scope = BlobStoreScope(of: consumers[0])
            let client = BlobContainerClient(
                try BlobContainerLocation(connectionString: setting.emulator.blobConnectionString, container: "leases")
            )
            // What a killed host leaves behind: leases that nobody renews.
            let leases = BlobLeaseManager(client: client, scope: scope, createsContainer: true)
            try await leases.prepare(for: ["0", "1"], leaseDuration: .seconds(3))
            for partition in ["0", "1"] as [PartitionID] {
                _ = try await leases.acquire(.unclaimed(partition), for: "killed")
            }
            let host = try setting.host("b", consumers[1])
            let run = Task { try await host.run() }
            try await until("all") { setting.record.distinct == 800 }
            host.shutDown()
            try await run.value
            for consumer in consumers { await consumer.close() }
            #expect(setting.record.total == 800)
        }
    }
}
