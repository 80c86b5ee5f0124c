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

/// What a host is doing, for health checks, tables and tests.
public struct HostStatus: Sendable {
    /// The host.
    public let host: HostID
    /// Since when the lease store has not answered. Nil: it answers. The host goes on with the partitions it owns
    /// meanwhile and claims no others.
    public let storeFailingSince: ContinuousClock.Instant?
    /// The partitions this host owns, in no order.
    public let partitions: [PartitionStatus]
}

/// What a host does with one partition.
public struct PartitionStatus: Hashable, Sendable {
    /// Where the partition is in its life.
    @nonexhaustive
    public enum Phase: Hashable, Sendable {
        /// The checkpoint is read, the receiver and the processor are opened.
        case opening
        /// Events are received and processed.
        case processing
        /// Something failed: the host waits before it tries again.
        case backingOff
        /// The processor finishes its batch and is closed.
        case closing
    }

    /// The partition.
    public let partition: PartitionID
    /// Where it is in its life.
    public let phase: Phase
    /// Whether the processor has been busy with one batch for longer than ``HostConfiguration/slowHandlerThreshold``.
    public let isHandlerSlow: Bool
    /// The lease it is held by.
    public let lease: Lease
    /// How many events have been processed since the partition came to this host.
    public let processedEvents: Int
    /// How many events the failure policy has parked since then.
    public let parkedEvents: Int
    /// How many events the failure policy has skipped since then.
    public let skippedEvents: Int
    /// The sequence number of the last event processed here.
    public let processedSequenceNumber: Int64?
    /// When that event was enqueued; before the first one, when that of the last checkpoint was, if the store tells.
    public let processedEnqueuedTime: Timestamp?
    /// The sequence number of the last checkpoint this host has read or written.
    public let checkpointSequenceNumber: Int64?
    /// How long there has been something processed that no checkpoint covers: the time for which events will be repeated if the host
    /// dies now. Zero when everything is covered. Looked at once in a ``HostConfiguration/updateInterval``.
    public let checkpointAge: Duration
    /// The last sequence number in the partition, as far as the service has told: with every event when
    /// ``HostConfiguration/tracksLastEnqueuedEvent`` is set, else once in a ``HostConfiguration/endCheckInterval``. Nil: not yet.
    public let lastEnqueuedSequenceNumber: Int64?
    /// When that event was enqueued.
    public let lastEnqueuedTime: Timestamp?
    /// How many bytes of events have been received and not been processed yet.
    public let bufferedBytes: Int

    /// How many events the partition has beyond the last one processed or covered by a checkpoint. Nil when either is not known.
    public var lag: Int64? {
        guard let last = lastEnqueuedSequenceNumber else { return nil }
        guard let done = processedSequenceNumber ?? checkpointSequenceNumber else { return nil }
        let (difference, overflow) = last.subtractingReportingOverflow(done)
        return overflow ? nil : max(difference, 0)
    }

    /// How much later than the last event processed the last one of the partition was enqueued, by the service's clock. Nil when either
    /// time is not known.
    public var lagTime: Duration? {
        guard let lag else { return nil }
        guard lag > 0 else { return .zero }
        guard let last = lastEnqueuedTime, let done = processedEnqueuedTime else { return nil }
        let (difference, overflow) =
            last.millisecondsSinceEpoch.subtractingReportingOverflow(done.millisecondsSinceEpoch)
        return overflow ? nil : .milliseconds(max(difference, 0))
    }
}
