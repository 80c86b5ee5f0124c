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

import Synchronization

/// Leases in memory: for hosts of one process, for tests and for trying out.
public final class InMemoryLeaseManager: CooperativeLeaseManager {
    fileprivate struct State {
        var leases: [PartitionID: Lease] = [:]
        var records: [HostID: HostRecord] = [:]
        var duration: Duration = .seconds(60)
        var version: UInt64 = 0
    }

    private let clock: ProcessorClock
    private let state = Mutex(State())

    /// Makes an empty store.
    ///
    /// - Parameter clock: The clock leases expire by: the same one as the hosts'.
    public init(clock: ProcessorClock = .continuous) {
        self.clock = clock
    }

    /// Adds the partitions that are new.
    public func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        state.withLock { state in
            state.duration = leaseDuration
            for partition in partitions where state.leases[partition] == nil {
                state.leases[partition] = .unclaimed(partition)
            }
        }
    }

    /// All leases.
    public func leases() async throws -> [Lease] {
        state.withLock { Array($0.leases.values) }
    }

    /// Makes the host the owner unless the lease has changed since it was read.
    public func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        let now = clock.now
        return state.withLock { state -> Lease? in
            let current = state.leases[lease.partition] ?? .unclaimed(lease.partition)
            guard current.token == lease.token else { return nil }
            return state.write(lease.partition, owner: host, epoch: current.epoch + 1, at: now)
        }
    }

    /// Prolongs a lease that is still held.
    public func renew(_ lease: Lease) async throws -> Lease? {
        let now = clock.now
        return state.withLock { state in
            guard state.holds(lease) else { return nil }
            return state.write(lease.partition, owner: lease.owner, epoch: lease.epoch, at: now)
        }
    }

    /// Gives a lease back that is still held.
    public func release(_ lease: Lease) async throws {
        let now = clock.now
        state.withLock { state in
            guard state.holds(lease) else { return }
            _ = state.write(lease.partition, owner: nil, epoch: lease.epoch, at: now)
        }
    }

    /// Keeps what the host says for a lease duration.
    public func announce(_ record: HostRecord) async throws {
        let now = clock.now
        state.withLock { state in
            state.records[record.host] = HostRecord(
                host: record.host,
                requests: record.requests,
                isLeaving: record.isLeaving,
                expiry: now.advanced(by: state.duration)
            )
        }
    }

    /// What the living hosts have announced.
    public func hosts() async throws -> [HostRecord] {
        let now = clock.now
        return state.withLock { state in
            state.records = state.records.filter { $0.value.isLive(at: now) }
            return Array(state.records.values)
        }
    }

    /// Forgets a host.
    public func withdraw(_ host: HostID) async throws {
        state.withLock { $0.records[host] = nil }
    }

    /// Makes another host the owner of a lease that is still held.
    public func transfer(_ lease: Lease, to host: HostID) async throws -> Lease? {
        let now = clock.now
        return state.withLock { state in
            guard state.holds(lease) else { return nil }
            return state.write(lease.partition, owner: host, epoch: lease.epoch + 1, at: now)
        }
    }

    /// Whether the lease's holder still owns the partition, whatever renewals there have been.
    func isHeld(_ lease: Lease) -> Bool {
        state.withLock { $0.holds(lease) }
    }
}

extension InMemoryLeaseManager.State {
    fileprivate func holds(_ lease: Lease) -> Bool {
        guard let current = leases[lease.partition], current.owner != nil else { return false }
        return current.owner == lease.owner && current.epoch == lease.epoch
    }

    fileprivate mutating func write(
        _ partition: PartitionID,
        owner: HostID?,
        epoch: Int64,
        at now: ContinuousClock.Instant
    ) -> Lease {
        version += 1
        let lease = Lease(
            partition: partition,
            owner: owner,
            token: String(version),
            epoch: epoch,
            expiry: now.advanced(by: duration)
        )
        leases[partition] = lease
        return lease
    }
}
