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

// The promises of a cooperative lease manager. A store that is none has nothing to keep.
extension StoreUsers {
    private typealias Both = (one: any CooperativeLeaseManager, other: any CooperativeLeaseManager)

    private var cooperative: Both? {
        guard let one = one.leases as? any CooperativeLeaseManager else { return nil }
        guard let other = other.leases as? any CooperativeLeaseManager else { return nil }
        return (one, other)
    }

    /// What a host has announced, as a store lists it. Nil: it counts as gone.
    private func record(_ host: HostID, in manager: any CooperativeLeaseManager) async throws -> HostRecord? {
        let listed = try await manager.hosts().filter { $0.host == host }
        try require(listed.count <= 1, "host \(host) is listed \(listed.count) times")
        return listed.first { $0.isLive(at: clock.now) }
    }

    func announcedHostsAreListed() async throws {
        guard let (one, other) = cooperative else { return }
        try require(try await record(a, in: one) == nil, "a new store lists a host")
        try await one.announce(HostRecord(host: a))
        for manager in [one, other] {
            let listed = try present(try await record(a, in: manager), "a host that has announced itself is not listed")
            try require(listed.requests.isEmpty && !listed.isLeaving, "the record says more than the host: \(listed)")
            let remaining = listed.expiry.map { clock.now.duration(to: $0) } ?? .zero
            // Two seconds: some stores tell the time in whole ones.
            try require(
                remaining > .zero && remaining <= leaseDuration + .seconds(2),
                "the record is valid for \(remaining), the lease duration is \(leaseDuration)"
            )
        }
        try await one.announce(HostRecord(host: a, requests: ["2", "0"]))
        try await other.announce(HostRecord(host: b, isLeaving: true))
        let asking = try await record(a, in: other)
        try require(Set(asking?.requests ?? []) == ["0", "2"], "requests are not kept: \(String(describing: asking))")
        try require(try await record(b, in: one)?.isLeaving == true, "that a host leaves is not kept")
        try await one.announce(HostRecord(host: a))
        try require(try await record(a, in: other)?.requests == [], "a later announcement does not replace the former")
    }

    func withdrawnHostIsGone() async throws {
        guard let (one, other) = cooperative else { return }
        try await one.announce(HostRecord(host: a, requests: ["0"]))
        try await other.announce(HostRecord(host: b))
        try await one.withdraw(a)
        try require(try await record(a, in: other) == nil, "a host that has withdrawn is listed")
        try require(try await record(b, in: other) != nil, "another host than the one that has withdrawn is gone")
        try await one.withdraw(a)
        try await one.announce(HostRecord(host: a))
        try require(try await record(a, in: other) != nil, "a host that has come back is not listed")
    }

    func ownershipIsHandedOver() async throws {
        guard let (one, other) = cooperative else { return }
        let acquired = try await acquireForA()
        let renewed = try present(try await one.renew(acquired), "a renewal is refused")
        let given = try present(
            try await one.transfer(acquired, to: b),
            "handing over the lease as acquired is refused: the answer to a renewal may be lost"
        )
        try requireOwner(b, of: given, "as handed over")
        try requireOwner(b, of: try await lease(in: self.other), "as listed for the next owner")
        try require(
            given.epoch > acquired.epoch || given.epoch == 0,
            "the epoch did not grow when the lease was handed over"
        )
        for former in [acquired, renewed] {
            try require(try await one.renew(former) == nil, "a former owner has renewed its lease")
            try require(try await one.transfer(former, to: a) == nil, "a former owner has handed over its lease")
            try await one.release(former)
        }
        let read = try await lease(in: self.other)
        try requireOwner(b, of: read, "after a former owner's release")
        let taken = try present(
            try await other.acquire(read, for: b),
            "the next owner could not acquire the lease with its name on it"
        )
        try requireOwner(b, of: taken, "as acquired by the next owner")
        try require(try await other.renew(taken) != nil, "the next owner could not renew")
    }

    func lostLeaseIsNotHandedOver() async throws {
        guard let (one, _) = cooperative else { return }
        let former = try await acquireForA()
        _ = try await stealForB()
        try require(try await one.transfer(former, to: "host-c") == nil, "a lease that was lost was handed over")
        try requireOwner(b, of: try await lease(in: other), "after a hand-over that was refused")
    }

    func handOverEndsCheckpoints() async throws {
        guard let (manager, _) = cooperative else { return }
        let former = try await acquireForA()
        let (first, second) = (
            Checkpoint(partition: "0", offset: "10", sequenceNumber: 1),
            Checkpoint(partition: "0", offset: "20", sequenceNumber: 2)
        )
        try await one.checkpoints.store(first, holding: former)
        _ = try await manager.transfer(former, to: b)
        let found = try await other.checkpoints.checkpoint(for: "0")
        try require(found?.sequenceNumber == 1, "the next owner finds the checkpoint \(String(describing: found))")
        do {
            try await one.checkpoints.store(second, holding: former)
        } catch let error as EventProcessorError {
            return try require(error.code == .leaseLost, "a former owner is refused with the code \(error.code)")
        }
        try require(false, "a former owner has written a checkpoint after it has handed the lease over")
    }
}
