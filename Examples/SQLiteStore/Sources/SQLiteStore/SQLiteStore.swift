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

import EventHubs
import EventHubsProcessor
import Synchronization

/// Leases and checkpoints of one consumer group in an SQLite database, which the hosts of one machine may share.
///
/// The statements are those of PostgreSQL too, but for the two places that say otherwise.
public final class SQLiteStore: Sendable {
    /// The database's clock, in milliseconds: all hosts reckon by it.
    /// PostgreSQL: `CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`.
    static let now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"

    let database: Database
    /// Whose leases and checkpoints these are: many consumer groups may share the tables.
    let scope: Database.Value
    let clock: ProcessorClock
    let leaseMilliseconds = Mutex<Int64>(60_000)

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - path: The database file, which is created if there is none.
    ///   - consumer: The event hub and the consumer group.
    ///   - clock: The hosts' clock.
    /// - Throws: ``SQLError`` when the file cannot be opened.
    public convenience init(path: String, for consumer: EventHubConsumer, clock: ProcessorClock = .continuous) throws {
        let endpoint = consumer.endpoint
        try self.init(
            path: path,
            scope: "\(endpoint.host)/\(endpoint.eventHubName)/\(consumer.consumerGroup)".lowercased(),
            clock: clock
        )
    }

    init(path: String, scope: String, clock: ProcessorClock = .continuous) throws {
        database = try Database(path: path)
        self.scope = .text(scope)
        self.clock = clock
    }

    func createTables() async throws {
        _ = try await database.run(
            """
            CREATE TABLE IF NOT EXISTS partition_lease (
                scope TEXT NOT NULL, partition_id TEXT NOT NULL, owner TEXT,
                epoch BIGINT NOT NULL, version BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (scope, partition_id)
            )
            """
        )
        _ = try await database.run(
            """
            CREATE TABLE IF NOT EXISTS partition_checkpoint (
                scope TEXT NOT NULL, partition_id TEXT NOT NULL,
                stream_offset TEXT, sequence_number BIGINT,
                PRIMARY KEY (scope, partition_id)
            )
            """
        )
    }
}
