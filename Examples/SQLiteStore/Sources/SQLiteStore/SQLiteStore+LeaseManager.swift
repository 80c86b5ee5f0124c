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

extension SQLiteStore: LeaseManager {
    /// Creates the tables, and a row for each partition that has none.
    public func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        leaseMilliseconds.withLock { $0 = Int64(leaseDuration / .milliseconds(1)) }
        try await createTables()
        for partition in partitions {
            _ = try await database.run(
                """
                INSERT INTO partition_lease (scope, partition_id, owner, epoch, version, expires_at)
                VALUES ($1, $2, NULL, 0, 0, 0) ON CONFLICT DO NOTHING
                """,
                [scope, .text(partition.rawValue)]
            )
        }
    }

    /// All leases.
    public func leases() async throws -> [Lease] {
        try await database.run(
            """
            SELECT partition_id, owner, epoch, version, expires_at - \(Self.now)
            FROM partition_lease WHERE scope = $1
            """,
            [scope]
        ).map { row in lease(row) }
    }

    /// Becomes the owner, if the row is still the one that was read.
    public func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try await database.run(
            """
            UPDATE partition_lease
            SET owner = $3, epoch = epoch + 1, version = version + 1, expires_at = \(Self.now) + $4
            WHERE scope = $1 AND partition_id = $2 AND version = $5
            RETURNING partition_id, owner, epoch, version, expires_at - \(Self.now)
            """,
            [scope, partition(lease), .text(host.rawValue), duration, .integer(Int64(lease.token) ?? 0)]
        ).first.map { row in self.lease(row) }
    }

    /// Puts the expiry off, if the partition is still the host's. The version is not asked: the answer to a former renewal
    /// may have been lost.
    public func renew(_ lease: Lease) async throws -> Lease? {
        try await database.run(
            """
            UPDATE partition_lease SET version = version + 1, expires_at = \(Self.now) + $5
            WHERE scope = $1 AND partition_id = $2 AND owner = $3 AND epoch = $4
            RETURNING partition_id, owner, epoch, version, expires_at - \(Self.now)
            """,
            [scope, partition(lease), owner(lease), .integer(lease.epoch), duration]
        ).first.map { row in self.lease(row) }
    }

    /// Takes the owner out, if the partition is still the host's.
    public func release(_ lease: Lease) async throws {
        _ = try await database.run(
            """
            UPDATE partition_lease SET owner = NULL, version = version + 1, expires_at = 0
            WHERE scope = $1 AND partition_id = $2 AND owner = $3 AND epoch = $4
            """,
            [scope, partition(lease), owner(lease), .integer(lease.epoch)]
        )
    }
}

extension SQLiteStore {
    private var duration: Database.Value { .integer(leaseMilliseconds.withLock { $0 }) }

    func partition(_ lease: Lease) -> Database.Value { .text(lease.partition.rawValue) }

    func owner(_ lease: Lease) -> Database.Value { lease.owner.map { .text($0.rawValue) } ?? .null }

    /// The columns are partition, owner, epoch, version and the milliseconds that are left.
    private func lease(_ row: Database.Row) -> Lease {
        Lease(
            partition: PartitionID(row.text(0) ?? ""),
            owner: row.text(1).map { HostID($0) },
            token: String(row.integer(3) ?? 0),
            epoch: row.integer(2) ?? 0,
            expiry: clock.now.advanced(by: .milliseconds(row.integer(4) ?? 0))
        )
    }
}
