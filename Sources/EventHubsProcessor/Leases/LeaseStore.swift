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

/// The lease manager as a host calls it: with a deadline for every call.
struct LeaseStore: Sendable {
    let manager: any LeaseManager
    let deadline: Duration
    let clock: ProcessorClock
    let leaseDuration: Duration

    func prepare(for partitions: [PartitionID]) async throws {
        let (manager, duration) = (manager, leaseDuration)
        try await withDeadline(deadline, on: clock) {
            try await manager.prepare(for: partitions, leaseDuration: duration)
        }
    }

    func leases() async throws -> [Lease] {
        let manager = manager
        return try await withDeadline(deadline, on: clock) { try await manager.leases() }
    }

    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        let manager = manager
        return try await withDeadline(deadline, on: clock) { try await manager.acquire(lease, for: host) }
    }

    func renew(_ lease: Lease) async throws -> Lease? {
        let manager = manager
        return try await withDeadline(deadline, on: clock) { try await manager.renew(lease) }
    }

    /// Takes no longer than until the instant, if one is given.
    func release(_ lease: Lease, before end: ContinuousClock.Instant?) async throws {
        let manager = manager
        let remaining = end.map { clock.now.duration(to: $0) } ?? deadline
        try await withDeadline(min(max(remaining, .zero), deadline), on: clock) { try await manager.release(lease) }
    }
}
