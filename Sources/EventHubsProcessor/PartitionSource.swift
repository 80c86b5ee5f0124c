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

/// Where a host's events come from: an event hub in one consumer group. Tests put a source of their own here.
package protocol PartitionSource: Sendable {
    /// The name of the event hub.
    var eventHub: String { get }
    /// The consumer group.
    var consumerGroup: String { get }

    /// All partitions of the event hub.
    func partitions() async throws(PartitionSourceError) -> [PartitionID]

    /// Opens a receiver on a partition. The service cuts off every receiver of the partition with a lower or equal owner level.
    func openPartition(
        _ partition: PartitionID,
        from position: EventPosition,
        options: PartitionSourceOptions
    ) async throws(PartitionSourceError) -> any PartitionReceiving
}

/// How a host opens a partition.
package struct PartitionSourceOptions: Hashable, Sendable {
    /// The owner level, once called epoch. Nil: none, any number of receivers share the partition.
    package var ownerLevel: Int64?
    /// How many events may be under way to the host before it asks for them.
    package var prefetchCount: Int

    package init(ownerLevel: Int64?, prefetchCount: Int) {
        self.ownerLevel = ownerLevel
        self.prefetchCount = prefetchCount
    }
}

/// A receiver on one partition. One task at a time asks it for batches.
package protocol PartitionReceiving: Sendable {
    /// The next events, in the order of the partition.
    ///
    /// - Returns: An empty batch when the wait has passed without an event; nil when the receiver has ended or was closed.
    func nextBatch(
        maximumCount: Int,
        maximumWait: Duration?
    ) async throws(PartitionSourceError) -> EventBatch?

    /// Ends the receiver at once: what it has buffered is dropped, a task that waits in `nextBatch` goes on. May be called from
    /// any task, and again.
    func close() async

    /// The last sequence number in the partition, if the service has told.
    var lastEnqueuedSequenceNumber: Int64? { get }
}

/// Why a partition cannot be read, as far as a host must know.
package struct PartitionSourceError: Error, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A receiver of another host with the same or a higher owner level has taken the partition.
        case stolen
        /// The service does not accept the position: it is of another hub, or beyond the end.
        case invalidPosition
        /// It may work the next time.
        case transient
        /// It will not work before somebody changes something.
        case permanent
    }

    package let kind: Kind
    package let underlying: (any Error)?

    package init(_ kind: Kind, underlying: (any Error)? = nil) {
        self.kind = kind
        self.underlying = underlying
    }
}
