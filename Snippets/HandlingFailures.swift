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

struct DatabaseIsDown: Error {}

@Sendable func deliver(_ text: String, from partition: PartitionID) async throws {
    print(partition, text)
}

let consumer = try EventHubConsumer(connectionString: CommandLine.arguments[1])
let deadLetterProducer = try EventHubProducer(connectionString: CommandLine.arguments[2])
let leases = InMemoryLeaseManager()
let checkpoints = InMemoryCheckpointManager(leaseManager: leases)
var configuration = HostConfiguration()

let deadLetters = EventHubDeadLetterSink(producer: deadLetterProducer)
configuration.failurePolicy = .retry(3, then: .park(deadLetters))

configuration.failurePolicy = FailurePolicy { failure in
    switch failure.error {
    case is DecodingError: .park(deadLetters)
    case is DatabaseIsDown: .retry
    default: failure.failures < 10 ? .restart : .stop(for: .seconds(600))
    }
}

configuration.handlerDeadline = .seconds(120)
configuration.handlerGracePeriod = .seconds(30)

let host = EventProcessorHost(
    consumer: consumer,
    leaseManager: leases,
    checkpointManager: checkpoints,
    configuration: configuration
) { _ in
    KeyedProcessor(concurrency: 16) { event, partition in
        try await deliver(event.text, from: partition)
    }
}
try await host.run()
