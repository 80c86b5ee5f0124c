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

    /// Whether one is written when a partition is closed in any other way than by losing it.
    public var writesAtClose: Bool

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - interval: At most once in this time; above zero.
    ///   - writesAtClose: Also when a partition is closed.
    public init(
        interval: Duration? = nil,
        writesAtClose: Bool = true
    ) {
        self.interval = interval
        self.writesAtClose = writesAtClose
    }

    /// Only when the user asks. A processor that never asks starts over at the initial position after every move.
    public static let explicit = CheckpointPolicy(writesAtClose: false)

    /// At most once in the interval, and at close.
    public static func every(_ interval: Duration) -> CheckpointPolicy {
        CheckpointPolicy(interval: interval)
    }
}
