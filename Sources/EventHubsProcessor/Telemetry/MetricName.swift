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

/// The names of what a host measures, and of the dimensions it measures by.
///
/// Where the OpenTelemetry conventions for messaging systems name a thing, their name is used; the rest begins with
/// `messaging.eventhubs.`, as their own extensions for this system do.
enum MetricName {
    // Of the conventions.
    static let processDuration = "messaging.process.duration"
    static let consumedMessages = "messaging.client.consumed.messages"

    // Our own, one per partition.
    static let lag = "messaging.eventhubs.consumer.lag"
    static let lagMessages = "messaging.eventhubs.consumer.lag.messages"
    static let bufferedBytes = "messaging.eventhubs.consumer.buffered"
    static let checkpointAge = "messaging.eventhubs.consumer.checkpoint.age"

    // Our own, one per host.
    static let ownedPartitions = "messaging.eventhubs.processor.partitions.owned"
    static let acquiredPartitions = "messaging.eventhubs.processor.partitions.acquired"
    static let lostPartitions = "messaging.eventhubs.processor.partitions.lost"
    static let handOvers = "messaging.eventhubs.processor.handovers"
    static let claimConflicts = "messaging.eventhubs.processor.claim.conflicts"
    static let repeatedMessages = "messaging.eventhubs.processor.messages.repeated"
    static let messagesSetAside = "messaging.eventhubs.processor.messages.set_aside"
    static let storeFailures = "messaging.eventhubs.processor.store.failures"
}

/// The keys of dimensions.
enum MetricDimension {
    static let system = "messaging.system"
    static let hub = "messaging.destination.name"
    static let consumerGroup = "messaging.consumer.group.name"
    static let partition = "messaging.destination.partition.id"
    static let operation = "messaging.operation.name"
    static let namespace = "server.address"
    static let error = "error.type"
    static let reason = "reason"
    static let outcome = "outcome"
}
