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

import CSQLite
import Dispatch

/// One connection to an SQLite database, version 3.35 or later.
///
/// SQLite blocks the thread that calls it. The actor therefore runs on a queue of its own, and never holds up other tasks.
actor Database {
    /// What a statement takes and gives.
    enum Value: Sendable, Equatable {
        case null
        case integer(Int64)
        case text(String)
    }

    /// One row of an answer.
    struct Row: Sendable {
        let values: [Value]

        /// The integer of a column, or nil for NULL.
        func integer(_ column: Int) -> Int64? {
            guard case .integer(let number) = values[column] else { return nil }
            return number
        }

        /// The text of a column, or nil for NULL.
        func text(_ column: Int) -> String? {
            guard case .text(let text) = values[column] else { return nil }
            return text
        }
    }

    private let queue = QueueExecutor()
    private let connection: Connection

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Opens a database file, or creates it.
    init(path: String) throws {
        connection = try Connection(path: path)
    }

    /// Runs one statement.
    func run(_ sql: String, _ values: [Value] = []) throws -> [Row] {
        try connection.run(sql, values)
    }

    /// Runs several statements of which either all count or none.
    func transaction<Result: Sendable>(
        _ body: @Sendable (_ run: (String, [Value]) throws -> [Row]) throws -> Result
    ) throws -> Result {
        _ = try connection.run("BEGIN IMMEDIATE", [])
        do {
            let result = try body(connection.run)
            _ = try connection.run("COMMIT", [])
            return result
        } catch {
            _ = try? connection.run("ROLLBACK", [])
            throw error
        }
    }
}

/// Runs an actor on a dispatch queue, where it may block.
private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "SQLiteStore")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// An SQLite connection that is closed with its last reference. It belongs to its actor.
private final class Connection {
    private let handle: OpaquePointer

    init(path: String) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            defer { sqlite3_close_v2(opened) }
            throw SQLError(code: code, message: "\(path) cannot be opened")
        }
        handle = opened
        // Another process may be writing: wait for it instead of failing.
        sqlite3_busy_timeout(handle, 5_000)
        _ = try run("PRAGMA journal_mode = WAL", [])
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    func run(_ sql: String, _ values: [Database.Value]) throws -> [Database.Row] {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK, let statement = prepared else {
            throw failure(sql)
        }
        defer { sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            // By name, as PostgreSQL numbers them.
            let parameter = sqlite3_bind_parameter_index(statement, "$\(index + 1)")
            guard bind(value, to: parameter, of: statement) == SQLITE_OK else { throw failure(sql) }
        }
        var rows: [Database.Row] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(row(of: statement))
            case SQLITE_DONE: return rows
            default: throw failure(sql)
            }
        }
    }

    private func bind(_ value: Database.Value, to index: Int32, of statement: OpaquePointer) -> Int32 {
        // SQLite copies the text before the call returns when told so by this destructor.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text): sqlite3_bind_text(statement, index, text, -1, copies)
        }
    }

    private func row(of statement: OpaquePointer) -> Database.Row {
        Database.Row(
            values: (0..<sqlite3_column_count(statement)).map { column in
                switch sqlite3_column_type(statement, column) {
                case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
                case SQLITE_NULL: .null
                default: sqlite3_column_text(statement, column).map { .text(String(cString: $0)) } ?? .null
                }
            }
        )
    }

    private func failure(_ sql: String) -> SQLError {
        SQLError(
            code: sqlite3_extended_errcode(handle),
            message: "\(String(cString: sqlite3_errmsg(handle))), in: \(sql)"
        )
    }
}

/// A statement failed.
public struct SQLError: Error, CustomStringConvertible {
    /// SQLite's extended result code.
    public let code: Int32
    /// What it says about it.
    public let message: String

    /// Both, for logs.
    public var description: String { "SQLite error \(code): \(message)" }
}
