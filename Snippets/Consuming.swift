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

try await EventHubConsumer.withConsumer(connectionString: connectionString) { consumer in
    let hub = try await consumer.properties()
    print("\(hub.name) has partitions \(hub.partitionIDs)")

    try await consumer.withPartition("0", from: .earliest) { events in
        for try await event in events {
            print(event.sequenceNumber, event.text)
            if event.sequenceNumber == 99 { break }
        }
    }

    let options = PartitionOptions(ownerLevel: 1, prefetchCount: 3_000)
    try await consumer.withPartition("1", from: .sequenceNumber(100, inclusive: true), options: options) { events in
        for try await batch in events.batches {
            print("\(batch.count) events of \(batch.byteCount) bytes")
        }
    }
}
