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
import EventHubsBlobStore
import EventHubsProcessor

struct Printer: EventProcessor {
    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        for event in events { print(event.text) }
    }
}

let consumer = try EventHubConsumer(connectionString: CommandLine.arguments[1])
let client = BlobContainerClient(try BlobContainerLocation(url: CommandLine.arguments[2]))
let scope = BlobStoreScope(of: consumer)

let store = LegacyBlobStore(client: client, consumerGroup: consumer.consumerGroup)
let host = EventProcessorHost(
    consumer: consumer,
    leaseManager: store,
    checkpointManager: store
) { _ in Printer() }

try await host.run()

let migration = CheckpointMigration(from: client, layout: .dotnet, to: client, scope: scope)
for result in try await migration.run() { print(result.partition, result.action) }
