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
import EventHubsProcessor
import Logging

/// The demo's hosts: each has a connection of its own, all share leases and checkpoints in memory.
actor DemoFleet {
    private struct Member {
        let host: EventProcessorHost
        let consumer: EventHubConsumer
        let running: Task<Void, any Error>
    }

    private let connectionString: String
    private let plan: DemoPlan
    private let ledger: DemoLedger
    private let logger: Logger
    private let leases: InMemoryLeaseManager
    private let checkpoints: InMemoryCheckpointManager
    private var members: [Member] = []

    init(connectionString: String, plan: DemoPlan, ledger: DemoLedger, logger: Logger) {
        self.connectionString = connectionString
        self.plan = plan
        self.ledger = ledger
        self.logger = logger
        leases = InMemoryLeaseManager()
        checkpoints = InMemoryCheckpointManager(leaseManager: leases)
    }

    /// The hosts that run, in the order they were started.
    var names: [String] { members.map(\.host.configuration.hostID.rawValue) }

    func start(_ name: String) throws {
        let consumer = try EventHubConsumer(
            connectionString: connectionString,
            configuration: EventHubsConfiguration(identifier: name, logger: logger)
        )
        var configuration = HostConfiguration(
            hostID: HostID(name),
            checkpointPolicy: .every(plan.checkpointInterval),
            logger: logger
        )
        configuration.updateInterval = plan.updateInterval
        configuration.leaseDuration = plan.leaseDuration
        let ledger = ledger
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: leases,
            checkpointManager: checkpoints,
            configuration: configuration
        ) { _ in DemoProcessor(ledger: ledger) }
        // Detached: a signal to the demo must not stop the hosts before they have caught up.
        let running = Task.detached { try await host.run() }
        members.append(Member(host: host, consumer: consumer, running: running))
    }

    /// Stops one host gracefully and returns when it has gone.
    func stop(_ name: String) async throws {
        guard let member = members.first(where: { $0.host.configuration.hostID.rawValue == name }) else { return }
        member.host.shutDown()
        let result = await member.running.result
        members.removeAll { $0.host === member.host }
        await member.consumer.close()
        try result.get()
    }

    func stopAll() async throws {
        for name in names { try await stop(name) }
    }

    /// Ends all hosts at once, for when the demo has failed.
    func cancel() async {
        for member in members {
            member.running.cancel()
            _ = await member.running.result
            await member.consumer.close()
        }
        members = []
    }

    func statuses() async -> [HostStatus] {
        var statuses: [HostStatus] = []
        for member in members { statuses.append(await member.host.status()) }
        return statuses
    }

    /// Who owns each partition, as the hosts that run see it.
    func owners() async -> [PartitionID: String] {
        var owners: [PartitionID: String] = [:]
        for status in await statuses() {
            for partition in status.partitions where partition.phase == .processing {
                owners[partition.partition] = status.host.rawValue
            }
        }
        return owners
    }
}
