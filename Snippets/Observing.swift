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

/// Healthy: the store answers, and no partition is stuck or falls behind.
func isHealthy(_ host: EventProcessorHost) async -> Bool {
    let status = await host.status()
    return status.storeFailingSince == nil
        && status.partitions.allSatisfy { partition in
            !partition.isHandlerSlow && partition.checkpointAge < .seconds(120)
                && (partition.lagTime ?? .zero) < .seconds(60)
        }
}

struct Counter: EventProcessor {
    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        print(context.partitionID, events.count)
    }
}

let consumer = try EventHubConsumer(connectionString: CommandLine.arguments[1])
let leases = InMemoryLeaseManager()
let host = EventProcessorHost(
    consumer: consumer,
    leaseManager: leases,
    checkpointManager: InMemoryCheckpointManager(leaseManager: leases)
) { _ in Counter() }
let run = Task { try await host.run() }
print(await isHealthy(host))
try await run.value
