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

/// The store that keeps how far each partition has been processed.
///
/// Two promises make checkpoints safe. They never go backwards: a write that is not ahead of what is stored changes
/// nothing and succeeds. And they are never written by a former owner: a write that cannot be shown to come from the
/// holder of the partition's lease is refused.
public protocol CheckpointManager: Sendable {
    /// The last checkpoint of a partition.
    ///
    /// - Returns: Nil when there is none, which starts the partition at the initial position. A store that cannot be read
    ///   must throw instead.
    func checkpoint(for partition: PartitionID) async throws -> Checkpoint?

    /// Stores a checkpoint, unless what is stored is as far or further.
    ///
    /// - Parameters:
    ///   - checkpoint: The new checkpoint.
    ///   - lease: The lease under which the events were processed.
    /// - Throws: ``EventProcessorError`` with ``EventProcessorError/Code/leaseLost`` when the lease is no longer held;
    ///   any other error when the store failed.
    func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws

    /// Forgets the checkpoint of a partition, so that one with a lower sequence number can be stored: the event hub was made anew
    /// and ``HostConfiguration/invalidCheckpointPolicy`` has decided to go on. By default this throws.
    ///
    /// - Parameters:
    ///   - partition: The partition.
    ///   - lease: The lease the partition is held by.
    /// - Throws: As ``store(_:holding:)`` does.
    func reset(_ partition: PartitionID, holding lease: Lease) async throws
}

extension CheckpointManager {
    /// Throws: this store cannot forget.
    public func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        throw EventProcessorError(
            .storeFailed,
            message: "this checkpoint store cannot forget a checkpoint: remove it by hand",
            host: lease.owner,
            partition: partition
        )
    }
}
