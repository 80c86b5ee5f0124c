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

/// What the service tells about one partition.
public struct PartitionProperties: Sendable, Hashable {
    /// The event hub's name.
    public let eventHubName: String

    /// The partition.
    public let id: PartitionID

    /// Sequence number of the oldest event still there.
    public let beginningSequenceNumber: Int64

    /// Sequence number of the last event; -1 when there never was one.
    public let lastEnqueuedSequenceNumber: Int64

    /// Offset of the last event; "-1" when there never was one.
    public let lastEnqueuedOffset: String

    /// When the last event was enqueued; nil when there never was one.
    public let lastEnqueuedTime: Timestamp?

    /// Whether there is nothing to read.
    public let isEmpty: Bool

    /// How many events there are to read behind one: the lag of who has processed it.
    /// - Parameter sequenceNumber: the number of the event; nil counts from the beginning. Events that are gone do not count.
    /// - Returns: how many events.
    public func eventCount(after sequenceNumber: Int64?) -> Int64 {
        let before = max(sequenceNumber ?? .min, beginningSequenceNumber - 1)
        return isEmpty ? 0 : max(lastEnqueuedSequenceNumber - before, 0)
    }

    package init(
        eventHubName: String,
        id: PartitionID,
        beginningSequenceNumber: Int64,
        lastEnqueuedSequenceNumber: Int64,
        lastEnqueuedOffset: String,
        lastEnqueuedTime: Timestamp?,
        isEmpty: Bool
    ) {
        self.eventHubName = eventHubName
        self.id = id
        self.beginningSequenceNumber = beginningSequenceNumber
        self.lastEnqueuedSequenceNumber = lastEnqueuedSequenceNumber
        self.lastEnqueuedOffset = lastEnqueuedOffset
        self.lastEnqueuedTime = lastEnqueuedTime
        self.isEmpty = isEmpty
    }
}
