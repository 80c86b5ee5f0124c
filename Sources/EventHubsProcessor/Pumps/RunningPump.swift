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

/// A pump that runs: what it shares with the host, and its task.
struct RunningPump: Sendable {
    let hold: PartitionHold
    let task: Task<PartitionPump.End, Never>

    /// Starts a pump for a lease.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - generation: The pump's number.
    ///   - environment: What all pumps have in common.
    ///   - storeFailed: Told when a checkpoint could not be stored that nobody waits for.
    init(
        lease: Lease,
        generation: UInt64,
        environment: PumpEnvironment,
        storeFailed: @escaping @Sendable (EventProcessorError) -> Void
    ) {
        let writer = CheckpointWriter(
            manager: environment.checkpointManager,
            deadline: environment.configuration.storeDeadline,
            clock: environment.configuration.clock
        )
        let hold = PartitionHold(
            lease: lease,
            generation: generation,
            writer: writer,
            metrics: environment.metrics?.makePartition(lease.partition),
            storeFailed: storeFailed
        )
        let pump = PartitionPump(hold: hold, environment: environment)
        self.hold = hold
        task = Task { @concurrent in await pump.run() }
    }
}
