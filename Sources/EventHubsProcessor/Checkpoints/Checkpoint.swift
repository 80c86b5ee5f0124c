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

/// How far a partition has been processed.
public struct Checkpoint: Hashable, Sendable {
    /// The partition.
    public let partition: PartitionID
    /// The service's opaque position of the last event processed.
    public let offset: String?
    /// The sequence number of the last event processed. Only checkpoints of foreign origin may lack it.
    public let sequenceNumber: Int64?
    /// When the last event processed was enqueued, if the store keeps it.
    public let enqueuedTime: Timestamp?

    /// Makes a checkpoint.
    public init(
        partition: PartitionID,
        offset: String?,
        sequenceNumber: Int64?,
        enqueuedTime: Timestamp? = nil
    ) {
        self.partition = partition
        self.offset = offset
        self.sequenceNumber = sequenceNumber
        self.enqueuedTime = enqueuedTime
    }

    /// Where to go on reading: behind the last event processed. The offset is preferred, an empty one does not count.
    /// Nil when the checkpoint names no position: the partition begins as if there were none.
    public var resumePosition: EventPosition? {
        if let offset, !offset.isEmpty { return .offset(offset) }
        if let sequenceNumber { return .sequenceNumber(sequenceNumber, inclusive: false) }
        return nil
    }

    /// Whether this checkpoint is further on than another one. Without sequence numbers to compare it is.
    public func isAhead(of other: Checkpoint) -> Bool {
        guard let mine = sequenceNumber, let theirs = other.sequenceNumber else { return true }
        return mine > theirs
    }
}

extension Checkpoint: CustomStringConvertible {
    /// Offset and sequence number, in words.
    public var description: String {
        let number = sequenceNumber.map { "sequence number \($0)" } ?? "no sequence number"
        return "the checkpoint at offset \(offset ?? "-"), \(number)"
    }
}
