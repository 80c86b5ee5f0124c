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

/// Receives one partition, for one task at a time.
///
/// A transient loss of the link or the connection is overcome inside: the receiver attaches again after the last event
/// it handed out, without loss and without repetition. What cannot be overcome is thrown, typed: above all
/// ``EventHubsError/Code/ownershipLost``.
public final class PartitionReceiver: Sendable {
    /// The partition.
    public let partitionID: PartitionID

    init(partitionID: PartitionID) { self.partitionID = partitionID }

    /// The next events: what has arrived, at once, or what arrives first.
    ///
    /// When the calling task is cancelled, the wait ends with ``EventHubsError/Code/cancelled`` and no event is lost.
    /// - Parameters:
    ///   - maximumCount: how many events at most; nil means what has arrived.
    ///   - maximumWait: how long to wait for the first event; nil means without end.
    /// - Returns: the events; an empty batch when `maximumWait` has passed without one; nil after ``close()``.
    /// - Throws: ``EventHubsError``
    public func nextBatch(
        maximumCount: Int? = nil,
        maximumWait: Duration? = nil
    ) async throws(EventHubsError) -> EventBatch? {
        throw EventHubsError(.notImplemented, "not yet")
    }

    /// Where the partition ended according to the last event received, when
    /// ``PartitionOptions/tracksLastEnqueuedEvent`` is set and an event has come.
    public var lastEnqueued: LastEnqueuedEvent? { nil }

    /// Detaches and drops what has not been taken. A wait that is under way ends with nil. Calling again does nothing.
    public func close() async {}
}
