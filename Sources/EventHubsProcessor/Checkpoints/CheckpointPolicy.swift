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

/// When the host writes checkpoints by itself.
///
/// Whatever the policy, the user may write one at any time with ``PartitionContext/checkpoint()``. What the host writes covers
/// only batches that are done with; the write runs beside the processing and never holds it up, has a deadline of its own
/// (``HostConfiguration/storeDeadline``), and while one is under way the newest of those that follow stands for all of them.
public struct CheckpointPolicy: Hashable, Sendable {
    /// At most once in this time, when something has been processed since. Nil: time does not matter.
    public var interval: Duration?

    /// After the batch with which this many events have been processed since the last one. Nil: their number does not matter.
    public var eventCount: Int?

    /// Whether one is written when a partition is closed in any other way than by losing it.
    public var writesAtClose: Bool

    /// Whether a partition without a checkpoint gets one when its processor opens: it names the place before the first event.
    ///
    /// It makes ``HostConfiguration/initialPosition`` a decision that is taken once, so that with `.latest` nothing is skipped when
    /// the partition moves before its first real checkpoint; and autoscalers that read checkpoints know at once how far the
    /// partition is, an empty one too. It is written only where the service tells the place exactly: for `.earliest` and `.latest`.
    public var writesAtStart: Bool

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - interval: At most once in this time; above zero.
    ///   - eventCount: After so many events; above zero.
    ///   - writesAtClose: Also when a partition is closed.
    ///   - writesAtStart: Also when a partition without a checkpoint is opened.
    public init(
        interval: Duration? = nil,
        eventCount: Int? = nil,
        writesAtClose: Bool = true,
        writesAtStart: Bool = true
    ) {
        self.interval = interval
        self.eventCount = eventCount
        self.writesAtClose = writesAtClose
        self.writesAtStart = writesAtStart
    }

    /// Only when the user asks. A processor that never asks starts over at the initial position after every move.
    public static let explicit = CheckpointPolicy(writesAtClose: false, writesAtStart: false)

    /// At most once in the interval, at the start and at close.
    public static func every(_ interval: Duration) -> CheckpointPolicy {
        CheckpointPolicy(interval: interval)
    }

    /// After so many events, at the start and at close.
    public static func every(events count: Int) -> CheckpointPolicy {
        CheckpointPolicy(eventCount: count)
    }

    /// After so many events, at the latest when the interval has passed; at the start and at close.
    public static func every(_ interval: Duration, events count: Int) -> CheckpointPolicy {
        CheckpointPolicy(interval: interval, eventCount: count)
    }
}
