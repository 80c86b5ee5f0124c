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

// The promises of a lease manager.
extension StoreUsers {
    func preparingKeepsWhatIsOwned() async throws {
        let acquired = try await acquireForA()
        let grown: [PartitionID] = ["0", "1", "2", "3"]
        try await other.leases.prepare(for: grown, leaseDuration: leaseDuration)
        try await one.leases.prepare(for: grown, leaseDuration: leaseDuration)
        try requireOwner(a, of: try await lease(in: one), "after the store was prepared again")
        try require(try await one.leases.renew(acquired) != nil, "after the store was prepared again a renewal fails")
        _ = try await acquireForA("3")
    }

    func addedPartitionIsListed() async throws {
        try await one.leases.prepare(for: ["0", "1", "2", "3"], leaseDuration: leaseDuration)
        _ = try await acquireForA("3")
        try requireOwner(a, of: try await lease("3", in: other), "as listed for a host that does not know of it")
    }

    func freePartitionIsAcquired() async throws {
        let before = try await lease(in: one)
        try require(before.owner == nil, "a new store lists an owner: \(String(describing: before.owner))")
        let acquired = try await acquireForA()
        try require(acquired.partition == "0", "the lease is that of partition \(acquired.partition)")
        try requireOwner(a, of: acquired, "as acquired")
        try requireOwner(a, of: try await lease(in: one), "as listed for its owner")
        try requireOwner(a, of: try await lease(in: other), "as listed for another host")
    }

    func raceHasOneWinner() async throws {
        let read = try await lease(in: one)
        let hosts = (0..<8).map { HostID("host-\($0)") }
        let winners = try await withThrowingTaskGroup(of: HostID?.self) { group in
            for (index, host) in hosts.enumerated() {
                let leases = (index.isMultiple(of: 2) ? one : other).leases
                group.addTask { try await leases.acquire(read, for: host) == nil ? nil : host }
            }
            return try await group.reduce(into: [HostID]()) { winners, host in
                if let host { winners.append(host) }
            }
        }
        try require(winners.count == 1, "\(winners.count) hosts were told that they own the partition: \(winners)")
        let owner = try await lease(in: other).owner
        try require(owner == winners.first, "\(winners) won, but \(String(describing: owner)) is listed")
    }

    func oldReadingLoses() async throws {
        let read = try await lease(in: other)
        _ = try await acquireForA()
        try require(
            try await other.leases.acquire(read, for: b) == nil,
            "a claim that was based on what the partition was before its last move succeeded"
        )
        try requireOwner(a, of: try await lease(in: one), "after a claim that was refused")
    }

    func ownershipMoves() async throws {
        let former = try await acquireForA()
        let stolen = try await stealForB()
        try requireOwner(b, of: stolen, "as acquired from another host")
        try require(try await one.leases.renew(former) == nil, "a former owner has renewed its lease")
        try await one.leases.release(former)
        try requireOwner(b, of: try await lease(in: one), "after a former owner's release")
        try require(try await other.leases.renew(stolen) != nil, "after a former owner's release a renewal fails")
    }

    func renewalProlongs() async throws {
        let acquired = try await acquireForA()
        var current = acquired
        for number in 1...3 {
            let next = try present(
                try await one.leases.renew(current),
                "renewal \(number) of an owned lease is refused"
            )
            try requireOwner(a, of: next, "after renewal \(number)")
            try require(next.partition == current.partition, "a renewal has another partition")
            current = next
        }
        try require(
            try await one.leases.renew(acquired) != nil,
            "a renewal with the lease as acquired is refused: the answer to a renewal may be lost"
        )
        try requireOwner(a, of: try await lease(in: other), "as listed for another host after renewals")
    }

    func releaseFrees() async throws {
        let acquired = try await acquireForA()
        let renewed = try present(try await one.leases.renew(acquired), "a renewal is refused")
        try await one.leases.release(renewed)
        let listed = try await lease(in: other)
        try require(listed.owner(at: clock.now) == nil, "a lease that was given back still has an owner")
        try requireOwner(b, of: try await stealForB(), "acquired after it was given back")
    }

    func epochsGrow() async throws {
        let first = try await acquireForA()
        let renewed = try present(try await one.leases.renew(first), "a renewal is refused")
        try require(renewed.epoch == first.epoch, "a renewal has changed the epoch")
        let second = try await stealForB()
        try await other.leases.release(second)
        let third = try await acquireForA()
        let epochs = [first.epoch, second.epoch, third.epoch]
        let grow = epochs[0] < epochs[1] && epochs[1] < epochs[2]
        try require(grow || epochs == [0, 0, 0], "epochs neither grow nor stay at zero: \(epochs)")
    }
}
