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

let consumer = try EventHubConsumer(
    connectionString: CommandLine.arguments[1],
    configuration: EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 5, delay: .seconds(1)))
)

do {
    try await consumer.withPartition("0", from: .latest, options: PartitionOptions(ownerLevel: 1)) { events in
        for try await event in events { print(event.text) }
    }
} catch let error as EventHubsError {
    switch error.code {
    case .ownershipLost: print("another receiver took the partition over")
    case .unauthorized, .notFound: print("check the connection string: \(error)")
    case _ where error.isTransient: print("all retries were in vain: \(error)")
    default: throw error
    }
}
await consumer.close()
