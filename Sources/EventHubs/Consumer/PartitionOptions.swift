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

/// How one partition is received.
public struct PartitionOptions: Sendable, Hashable {
    /// The owner level (once called epoch), at least 0: a receiver with an equal or higher level takes the partition
    /// over from this one, and this one from all with a lower level or none. Nil shares the partition with up to four
    /// others.
    public var ownerLevel: Int64?

    /// How many events may be on their way or waiting to be taken.
    public var prefetchCount: Int

    /// How many bytes of events may be on their way or waiting: with large events fewer are asked for than
    /// ``prefetchCount`` says. The estimate follows the sizes seen.
    public var prefetchBytes: Int

    /// Whether each event tells where the partition ends, at the cost of some bytes per event.
    public var tracksLastEnqueuedEvent: Bool

    /// How transient losses are overcome; nil means as the consumer's configuration says. ``RetryPolicy/persistent``
    /// makes a receiver that outlives every transient failure.
    public var retryPolicy: RetryPolicy?

    /// How the service names this receiver in its messages; at most 64 characters. Nil takes the client's identifier.
    public var receiverName: String?

    /// Options.
    /// - Parameters:
    ///   - ownerLevel: the owner level; nil shares the partition.
    ///   - prefetchCount: how many events may be on their way or waiting.
    ///   - prefetchBytes: how many bytes of events may be on their way or waiting.
    ///   - tracksLastEnqueuedEvent: whether each event tells where the partition ends.
    ///   - retryPolicy: how transient losses are overcome; nil means as the consumer's configuration says.
    ///   - receiverName: how the service names this receiver in its messages.
    public init(
        ownerLevel: Int64? = nil,
        prefetchCount: Int = 300,
        prefetchBytes: Int = 32 * 1024 * 1024,
        tracksLastEnqueuedEvent: Bool = false,
        retryPolicy: RetryPolicy? = nil,
        receiverName: String? = nil
    ) {
        self.ownerLevel = ownerLevel
        self.prefetchCount = prefetchCount
        self.prefetchBytes = prefetchBytes
        self.tracksLastEnqueuedEvent = tracksLastEnqueuedEvent
        self.retryPolicy = retryPolicy
        self.receiverName = receiverName
    }
}
