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

/// Makes a producer number its events, so that the service can tell a batch that is sent again from a new one and writes
/// it once.
///
/// Such a producer sends to partitions by name, and to each of them one batch at a time.
public struct IdempotentPublishing: Sendable, Hashable {
    /// From where to go on, in the partitions where that is known.
    public var states: [PartitionID: PublishingState]

    /// Idempotent publishing.
    /// - Parameter states: from where to go on, as saved from ``EventHubProducer/publishingStates``; partitions that are
    ///   not among them begin anew.
    public init(resuming states: [PartitionID: PublishingState] = [:]) { self.states = states }
}
