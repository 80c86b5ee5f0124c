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

import EventHubsProcessor

/// Two hosts, `a` and `b`, that use one store; what the checks need of it.
struct StoreUsers: Sendable {
    let one: StoreContract.Stores
    let other: StoreContract.Stores
    let leaseDuration: Duration
    let clock: ProcessorClock
    let check: StoreContract.Check

    let a: HostID = "host-a"
    let b: HostID = "host-b"

    /// A partition's lease as a store lists it, or that of a partition without a record.
    func lease(_ partition: PartitionID = "0", in stores: StoreContract.Stores) async throws -> Lease {
        let listed = try await stores.leases.leases().filter { $0.partition == partition }
        try require(listed.count <= 1, "partition \(partition) is listed \(listed.count) times")
        return listed.first ?? .unclaimed(partition)
    }

    /// Host `a` owns the partition.
    func acquireForA(_ partition: PartitionID = "0") async throws -> Lease {
        let read = try await lease(partition, in: one)
        return try present(
            try await one.leases.acquire(read, for: a),
            "partition \(partition), which nobody owned, could not be acquired"
        )
    }

    /// Host `b` takes the partition from `a`.
    func stealForB(_ partition: PartitionID = "0") async throws -> Lease {
        let read = try await lease(partition, in: other)
        return try present(
            try await other.leases.acquire(read, for: b),
            "partition \(partition) could not be acquired from its owner, as it had just been read"
        )
    }

    func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(StoreContractViolation) {
        guard !condition else { return }
        throw StoreContractViolation(check: check, message: message())
    }

    func present<Value>(_ value: Value?, _ message: String) throws(StoreContractViolation) -> Value {
        guard let value else { throw StoreContractViolation(check: check, message: message) }
        return value
    }

    /// The lease belongs to the host, for about the lease duration from now.
    func requireOwner(_ host: HostID, of lease: Lease, _ what: String) throws {
        try require(lease.owner == host, "\(what): owner is \(lease.owner?.rawValue ?? "nobody"), not \(host)")
        try require(!lease.token.isEmpty, "\(what): the token is empty, which means that there is no record")
        let expiry = try present(lease.expiry, "\(what): the lease of an owner has no expiry")
        let remaining = clock.now.duration(to: expiry)
        // Two seconds: some stores tell the time in whole ones.
        try require(
            remaining > .zero && remaining <= leaseDuration + .seconds(2),
            "\(what): the lease is valid for \(remaining), the lease duration is \(leaseDuration)"
        )
    }
}
