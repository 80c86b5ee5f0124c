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

import Logging

/// What all pumps of a host have in common.
struct PumpEnvironment: Sendable {
    let source: any PartitionSource
    let checkpointManager: any CheckpointManager
    let configuration: HostConfiguration
    let seed: UInt64
    let logger: Logger
    /// Nil: nobody measures.
    let metrics: HostMetrics?
    let makeProcessor: @Sendable (PartitionContext) -> any EventProcessor

    /// How a receiver is opened under a lease. Fencing that is switched off stays off.
    func partitionOptions(under lease: Lease) -> PartitionOptions {
        PartitionOptions(
            ownerLevel: configuration.ownerLevel.map { lease.ownerLevel ?? $0 },
            prefetchCount: configuration.prefetchCount,
            prefetchBytes: configuration.prefetchBytes,
            tracksLastEnqueuedEvent: configuration.tracksLastEnqueuedEvent,
            receiverName: String(configuration.hostID.rawValue.prefix(64))
        )
    }

    func makeContext(for hold: PartitionHold) -> PartitionContext {
        PartitionContext(
            partitionID: hold.partition,
            hostID: configuration.hostID,
            eventHub: source.eventHub,
            consumerGroup: source.consumerGroup,
            hold: hold,
            counter: CheckpointCounter(limit: configuration.checkpointPolicy.eventCount)
        )
    }
}
