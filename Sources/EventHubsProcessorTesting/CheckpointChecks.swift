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

// The promises of a checkpoint manager.
extension StoreUsers {
    private func checkpoint(_ number: Int64, _ partition: PartitionID = "0") -> Checkpoint {
        Checkpoint(partition: partition, offset: String(number * 10), sequenceNumber: number)
    }

    private func requireStored(
        _ number: Int64,
        _ partition: PartitionID = "0",
        in stores: StoreContract.Stores,
        _ what: String
    ) async throws {
        let stored = try await stores.checkpoints.checkpoint(for: partition)
        let isRight = stored?.sequenceNumber == number && stored?.offset == String(number * 10)
        try require(
            isRight && stored?.partition == partition,
            "\(what): stored is \(stored.map { "\($0)" } ?? "nothing"), expected sequence number \(number)"
        )
    }

    func missingCheckpointIsNil() async throws {
        _ = try await acquireForA()
        for stores in [one, other] {
            let stored = try await stores.checkpoints.checkpoint(for: "0")
            try require(stored?.resumePosition == nil, "a new store has a checkpoint: \(String(describing: stored))")
        }
    }

    func checkpointIsKept() async throws {
        let acquired = try await acquireForA()
        try await one.checkpoints.store(checkpoint(5), holding: acquired)
        try await requireStored(5, in: one, "for the host that wrote it")
        try await requireStored(5, in: other, "for another host")
        let renewed = try present(try await one.leases.renew(acquired), "a renewal is refused")
        try await one.checkpoints.store(checkpoint(6), holding: renewed)
        try await requireStored(6, in: other, "after a renewal")
        try await one.checkpoints.store(checkpoint(7), holding: acquired)
        try await requireStored(7, in: other, "with the lease as it was before its renewal")
        let stolen = try await stealForB()
        try await requireStored(7, in: other, "after the partition has moved")
        try await other.checkpoints.store(checkpoint(8), holding: stolen)
        try await requireStored(8, in: one, "written by the new owner")
    }

    func checkpointNeverGoesBack() async throws {
        let acquired = try await acquireForA()
        try await one.checkpoints.store(checkpoint(9), holding: acquired)
        try await one.checkpoints.store(checkpoint(9), holding: acquired)
        try await one.checkpoints.store(checkpoint(3), holding: acquired)
        try await requireStored(9, in: one, "after an older one was written")
        let stolen = try await stealForB()
        try await other.checkpoints.store(checkpoint(4), holding: stolen)
        try await requireStored(9, in: one, "after a new owner has written an older one")
    }

    func formerOwnerIsRefused() async throws {
        let former = try await acquireForA()
        try await one.checkpoints.store(checkpoint(1), holding: former)
        _ = try await stealForB()
        do {
            try await one.checkpoints.store(checkpoint(2), holding: former)
        } catch let error as EventProcessorError {
            try require(error.code == .leaseLost, "a former owner is refused with the code \(error.code)")
            return try await requireStored(1, in: other, "after a former owner was refused")
        }
        try require(false, "a former owner has written a checkpoint")
    }

    func resetAllowsGoingBack() async throws {
        let acquired = try await acquireForA()
        try await one.checkpoints.store(checkpoint(100), holding: acquired)
        do {
            try await one.checkpoints.reset("0", holding: acquired)
        } catch let error as EventProcessorError {
            // The protocol's own implementation: this store does not forget.
            try require(error.code == .storeFailed, "forgetting is refused with the code \(error.code)")
            return try await requireStored(100, in: one, "after the store has refused to forget")
        }
        let stored = try await one.checkpoints.checkpoint(for: "0")
        try require(
            stored?.resumePosition == nil,
            "what was to be forgotten is still stored: \(String(describing: stored))"
        )
        try await one.checkpoints.store(checkpoint(2), holding: acquired)
        try await requireStored(2, in: other, "after the former one was forgotten")
    }

    func partitionsAreApart() async throws {
        let first = try await acquireForA("0")
        let second = try await acquireForA("1")
        try await one.checkpoints.store(checkpoint(5, "0"), holding: first)
        let untouched = try await one.checkpoints.checkpoint(for: "1")
        try require(untouched?.resumePosition == nil, "a checkpoint of partition 0 is read for partition 1")
        try await one.checkpoints.store(checkpoint(7, "1"), holding: second)
        try await requireStored(5, "0", in: other, "after one of another partition was written")
        _ = try await stealForB("1")
        try requireOwner(a, of: try await lease("0", in: one), "after another partition has moved")
        try require(try await one.leases.renew(first) != nil, "after another partition has moved a renewal fails")
    }
}
