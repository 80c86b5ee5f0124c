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
    /// The same manager, if hosts know each other through it.
    let cooperative: (any CooperativeLeaseManager)?
    let deadline: Duration
    let clock: ProcessorClock
    let leaseDuration: Duration

    init(manager: any LeaseManager, configuration: HostConfiguration) {
        self.manager = manager
        cooperative = manager as? any CooperativeLeaseManager
        deadline = configuration.storeDeadline
        clock = configuration.clock
        leaseDuration = configuration.leaseDuration
    }

    func prepare(for partitions: [PartitionID]) async throws {
        let (manager, duration) = (manager, leaseDuration)
        try await within(nil) { try await manager.prepare(for: partitions, leaseDuration: duration) }
    }

    func leases(before end: ContinuousClock.Instant? = nil) async throws -> [Lease] {
        let manager = manager
        return try await within(end) { try await manager.leases() }
    }

    func acquire(
        _ lease: Lease,
        for host: HostID,
        before end: ContinuousClock.Instant? = nil
    ) async throws -> Lease? {
        let manager = manager
        return try await within(end) { try await manager.acquire(lease, for: host) }
    }

    func renew(_ lease: Lease) async throws -> Lease? {
        let manager = manager
        return try await within(nil) { try await manager.renew(lease) }
    }

    func release(_ lease: Lease, before end: ContinuousClock.Instant?) async throws {
        let manager = manager
        try await within(end) { try await manager.release(lease) }
    }

    /// Takes no longer than until the instant, if one is given.
    private func within<Value: Sendable>(
        _ end: ContinuousClock.Instant?,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let remaining = end.map { clock.now.duration(to: $0) } ?? deadline
        return try await withDeadline(min(max(remaining, .zero), deadline), on: clock, operation: operation)
    }
}

// Where the manager is not cooperative there are no hosts, and nothing can be handed over.
extension LeaseStore {
    func announce(_ record: HostRecord, before end: ContinuousClock.Instant? = nil) async throws {
        guard let cooperative else { return }
        try await within(end) { try await cooperative.announce(record) }
    }

    func hosts(before end: ContinuousClock.Instant? = nil) async throws -> [HostRecord] {
        guard let cooperative else { return [] }
        return try await within(end) { try await cooperative.hosts() }
    }

    func withdraw(_ host: HostID, before end: ContinuousClock.Instant) async throws {
        guard let cooperative else { return }
        try await within(end) { try await cooperative.withdraw(host) }
    }

    /// Nil: the partition belongs to another host, or the manager hands nothing over.
    func transfer(_ lease: Lease, to host: HostID, before end: ContinuousClock.Instant?) async throws -> Lease? {
        guard let cooperative else { return nil }
        return try await within(end) { try await cooperative.transfer(lease, to: host) }
    }
}
