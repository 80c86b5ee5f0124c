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

public import EventHubs
public import EventHubsProcessor

extension SQLiteStore: CheckpointManager {
    /// The last checkpoint of a partition.
    public func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        try await database.run(
            """
            SELECT stream_offset, sequence_number FROM partition_checkpoint
            WHERE scope = $1 AND partition_id = $2
            """,
            [scope, .text(partition.rawValue)]
        ).first.map { row in
            Checkpoint(partition: partition, offset: row.text(0), sequenceNumber: row.integer(1))
        }
    }

    /// Stores a checkpoint, only forward and only for the holder of the lease.
    public func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        try await writing(lease) { [self] run in
            _ = try run(
                """
                INSERT INTO partition_checkpoint (scope, partition_id, stream_offset, sequence_number)
                VALUES ($1, $2, $3, $4)
                ON CONFLICT (scope, partition_id) DO UPDATE
                SET stream_offset = excluded.stream_offset, sequence_number = excluded.sequence_number
                WHERE partition_checkpoint.sequence_number IS NULL OR excluded.sequence_number IS NULL
                    OR excluded.sequence_number > partition_checkpoint.sequence_number
                """,
                [
                    scope, partition(lease),
                    checkpoint.offset.map { .text($0) } ?? .null,
                    checkpoint.sequenceNumber.map { .integer($0) } ?? .null,
                ]
            )
        }
    }

    /// Forgets a checkpoint, only for the holder of the lease.
    public func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        try await writing(lease) { [self] run in
            _ = try run(
                "DELETE FROM partition_checkpoint WHERE scope = $1 AND partition_id = $2",
                [scope, .text(partition.rawValue)]
            )
        }
    }

    /// Runs a write in a transaction in which the lease is held. PostgreSQL: `FOR SHARE` at the end of the question.
    private func writing(
        _ lease: Lease,
        _ body: @escaping @Sendable (_ run: (String, [Database.Value]) throws -> [Database.Row]) throws -> Void
    ) async throws {
        try await database.transaction { [self] run in
            let held = try run(
                """
                SELECT 1 FROM partition_lease
                WHERE scope = $1 AND partition_id = $2 AND owner = $3 AND epoch = $4
                """,
                [scope, partition(lease), owner(lease), .integer(lease.epoch)]
            )
            guard !held.isEmpty else {
                throw EventProcessorError(
                    .leaseLost,
                    message: "the partition belongs to another host now",
                    host: lease.owner,
                    partition: lease.partition
                )
            }
            try body(run)
        }
    }
}
