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
import ServiceLifecycle

/// Sums up one partition. The host makes one for each partition it owns, and never calls it twice at a time.
final class Mileage: EventProcessor {
    private var total = 0.0

    func open(_ context: PartitionContext) async throws {
        print("partition \(context.partitionID) is ours")
    }

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        for event in events { total += Double(event.text) ?? 0 }
        try await context.checkpoint()
    }

    func close(_ context: PartitionContext, reason: CloseReason) async throws {
        print("partition \(context.partitionID) is closed: \(reason), \(total) km")
    }

    func failed(_ error: EventProcessorError, in context: PartitionContext) async {
        print("partition \(context.partitionID): \(error)")
    }
}

let logger = Logger(label: "mileage")
let consumer = try EventHubConsumer(connectionString: CommandLine.arguments[1], consumerGroup: "mileage")
let leases = InMemoryLeaseManager()
let checkpoints = InMemoryCheckpointManager(leaseManager: leases)

var configuration = HostConfiguration(checkpointPolicy: .explicit, logger: logger)
configuration.initialPosition = { _ in .latest }
let host = EventProcessorHost(
    consumer: consumer,
    leaseManager: leases,
    checkpointManager: checkpoints,
    configuration: configuration
) { _ in Mileage() }

let services = ServiceGroup(
    services: [consumer, host],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: logger
)
try await services.run()
