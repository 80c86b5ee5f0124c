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

/// Writes the checkpoints of one hold of one partition: one at a time, only forward, the newest first.
///
/// While a write is under way later ones wait; the first of them to go on writes, and those that it covers are done without a
/// call to the store.
actor CheckpointWriter {
    private let manager: any CheckpointManager
    private let clock: ProcessorClock
    private let deadline: Duration
    private var isWriting = false
    private var waiting: [(checkpoint: Checkpoint, continuation: CheckedContinuation<Void, Never>)] = []
    private(set) var stored: Checkpoint?

    /// How many writes are under way or wait for their turn.
    var pending: Int { waiting.count + (isWriting ? 1 : 0) }

    init(manager: any CheckpointManager, deadline: Duration, clock: ProcessorClock) {
        self.manager = manager
        self.deadline = deadline
        self.clock = clock
    }

    /// The last checkpoint in the store, read anew.
    func load(for partition: PartitionID) async throws -> Checkpoint? {
        let manager = manager
        let checkpoint = try await withDeadline(deadline, on: clock) {
            try await manager.checkpoint(for: partition)
        }
        stored = checkpoint
        return checkpoint
    }

    /// Stores the checkpoint unless a newer one is stored already.
    ///
    /// - Parameters:
    ///   - checkpoint: The new checkpoint.
    ///   - lease: Asked for when the write's turn has come; throws if the partition is no longer ours then.
    /// - Throws: What `lease` or the manager throws, or ``DeadlineExceeded``.
    func store(_ checkpoint: Checkpoint, holding lease: @Sendable () throws -> Lease) async throws {
        while isWriting {
            await withCheckedContinuation { waiting.append((checkpoint, $0)) }
        }
        let lease = try lease()
        if let stored, !checkpoint.isAhead(of: stored) { return }
        isWriting = true
        defer { finishWriting() }
        let manager = manager
        try await withDeadline(deadline, on: clock) {
            try await manager.store(checkpoint, holding: lease)
        }
        stored = checkpoint
    }

    /// Forgets what is stored.
    func reset(_ lease: Lease) async throws {
        let manager = manager
        try await withDeadline(deadline, on: clock) {
            try await manager.reset(lease.partition, holding: lease)
        }
        stored = nil
    }

    private func finishWriting() {
        isWriting = false
        let continued = waiting.sorted { left, right in
            (left.checkpoint.sequenceNumber ?? .max) > (right.checkpoint.sequenceNumber ?? .max)
        }
        waiting = []
        for (_, continuation) in continued { continuation.resume() }
    }
}
