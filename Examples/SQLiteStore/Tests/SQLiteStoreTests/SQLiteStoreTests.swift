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

import EventHubsProcessorTesting
import Foundation
import Testing

@testable import SQLiteStore

@Suite struct SQLiteStoreTests {
    @Test(arguments: StoreContract.Check.allCases)
    func keepsThePromisesOfAStore(check: StoreContract.Check) async throws {
        try await withDatabase { path in
            try await StoreContract {
                // Two connections, as two processes have.
                let stores = try (0..<2).map { _ in
                    let store = try SQLiteStore(path: path, scope: "ns/hub/$default")
                    return StoreContract.Stores(leases: store, checkpoints: store)
                }
                return (stores[0], stores[1])
            }.verify(check)
        }
    }

    @Test func scopesAreApart() async throws {
        try await withDatabase { path in
            let one = try SQLiteStore(path: path, scope: "ns/hub/one")
            let other = try SQLiteStore(path: path, scope: "ns/hub/other")
            try await one.prepare(for: ["0"], leaseDuration: .seconds(60))
            try await other.prepare(for: ["0", "1"], leaseDuration: .seconds(60))
            let read = try #require(try await one.leases().first)
            _ = try #require(try await one.acquire(read, for: "a"))
            #expect(try await other.leases().allSatisfy { $0.owner == nil })
            #expect(try await one.leases().count == 1)
        }
    }

    @Test func leaseThatIsNotRenewedExpires() async throws {
        try await withDatabase { path in
            let store = try SQLiteStore(path: path, scope: "ns/hub/$default")
            try await store.prepare(for: ["0"], leaseDuration: .milliseconds(1))
            let read = try #require(try await store.leases().first)
            _ = try await store.acquire(read, for: "a")
            try await Task.sleep(for: .milliseconds(50))
            let lease = try #require(try await store.leases().first)
            #expect(lease.owner == "a")
            #expect(lease.owner(at: ContinuousClock.now) == nil)
        }
    }

    @Test func errorsNameTheStatement() async throws {
        let database = try Database(path: ":memory:")
        let error = await #expect(throws: SQLError.self) { try await database.run("SELECT nothing FROM nowhere") }
        #expect(error?.description.contains("nowhere") == true)
    }
}

/// Runs the body with the path of a database that is removed afterwards.
func withDatabase(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("SQLiteStore-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.appendingPathComponent("leases.db").path)
}
