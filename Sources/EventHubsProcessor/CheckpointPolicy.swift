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
/// Whatever the policy, the user may write one at any time with ``PartitionContext/checkpoint()``.
public enum CheckpointPolicy: Hashable, Sendable {
    /// Only when the user asks. A processor that never asks starts over at the initial position after every move.
    case explicit

    /// At most once in the interval, when batches have been processed since, and once more when the partition is
    /// closed by a shutdown or a failure. Only batches whose `process` has returned are covered. The write runs beside
    /// the processing and never holds it up.
    case every(Duration)
}
