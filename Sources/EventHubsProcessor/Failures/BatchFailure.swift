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

public import EventHubs

/// Events that `process` has not processed: what a ``FailurePolicy`` decides about.
public struct BatchFailure: Sendable {
    /// The host it happened in.
    public let host: HostID
    /// The name of the event hub.
    public let eventHub: String
    /// The consumer group.
    public let consumerGroup: String
    /// The partition.
    public let partition: PartitionID
    /// The events, in their order: the whole batch, or of a ``KeyedProcessor`` only those whose handlers threw. Empty after a
    /// call on silence.
    public let events: [ReceivedEventData]
    /// What was thrown.
    public let error: any Error
    /// Whether the call had been cancelled because it took longer than ``HostConfiguration/handlerDeadline``.
    public let wasOverdue: Bool
    /// How often these events have failed in a row on this host, this time included.
    public internal(set) var failures: Int

    /// Makes a failure, for tests of policies and sinks.
    public init(
        host: HostID,
        eventHub: String,
        consumerGroup: String,
        partition: PartitionID,
        events: [ReceivedEventData],
        error: any Error,
        wasOverdue: Bool = false,
        failures: Int = 1
    ) {
        self.host = host
        self.eventHub = eventHub
        self.consumerGroup = consumerGroup
        self.partition = partition
        self.events = events
        self.error = error
        self.wasOverdue = wasOverdue
        self.failures = failures
    }

    /// The sequence numbers from the first event to the last. Nil: there is no event.
    var sequenceNumbers: ClosedRange<Int64>? {
        guard let first = events.first?.sequenceNumber, let last = events.last?.sequenceNumber else { return nil }
        return min(first, last)...max(first, last)
    }
}
