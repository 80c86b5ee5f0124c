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

import Synchronization

/// Checkpoints in memory: for hosts of one process, for tests and for trying out.
public final class InMemoryCheckpointManager: CheckpointManager {
    private struct Entry {
        var checkpoint: Checkpoint
        var epoch: Int64
    }

    private let leaseManager: InMemoryLeaseManager?
    private let entries = Mutex<[PartitionID: Entry]>([:])

    /// Makes an empty store.
    ///
    /// - Parameter leaseManager: Where to look up who holds a lease. Without it a former owner is known only after the
    ///   new one has written its first checkpoint.
    public init(leaseManager: InMemoryLeaseManager? = nil) {
        self.leaseManager = leaseManager
    }

    /// The last checkpoint of a partition.
    public func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        entries.withLock { $0[partition]?.checkpoint }
    }

    /// Stores a checkpoint, only forward and only for the holder of the lease.
    public func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        try entries.withLock { entries in
            // Asked under the lock: a new owner that reads its checkpoint now sees this one or refuses it.
            if let leaseManager, !leaseManager.isHeld(lease) { throw Self.leaseLost(lease) }
            guard let entry = entries[checkpoint.partition] else {
                entries[checkpoint.partition] = Entry(checkpoint: checkpoint, epoch: lease.epoch)
                return
            }
            guard lease.epoch >= entry.epoch else { throw Self.leaseLost(lease) }
            entries[checkpoint.partition]?.epoch = lease.epoch
            guard checkpoint.isAhead(of: entry.checkpoint) else { return }
            entries[checkpoint.partition]?.checkpoint = checkpoint
        }
    }

    /// Forgets a checkpoint, only for the holder of the lease.
    public func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        try entries.withLock { entries in
            if let leaseManager, !leaseManager.isHeld(lease) { throw Self.leaseLost(lease) }
            guard lease.epoch >= entries[partition]?.epoch ?? .min else { throw Self.leaseLost(lease) }
            entries[partition] = nil
        }
    }

    private static func leaseLost(_ lease: Lease) -> EventProcessorError {
        EventProcessorError(
            .leaseLost,
            message: "a former owner may not write a checkpoint",
            host: lease.owner,
            partition: lease.partition
        )
    }
}
