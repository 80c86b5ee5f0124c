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

let connectionString = CommandLine.arguments[1]

let consumer = try EventHubConsumer(connectionString: connectionString)

// All partitions, also those that are added later.
try await consumer.withAllPartitions(from: .latest) { batches in
    for try await batch in batches {
        for event in batch.events { print(batch.partitionID, event.sequenceNumber, event.text) }
    }
}

// How far behind is a reader that has processed these events? No checkpoint store is asked.
let processed: [PartitionID: Int64] = ["0": 4_711, "1": 4_712]
for partition in try await consumer.partitionProperties() {
    print(partition.id, partition.eventCount(after: processed[partition.id]))
}
