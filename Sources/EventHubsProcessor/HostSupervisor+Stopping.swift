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

import Logging

// Stops in good order.
extension HostSupervisor {
    /// Stops the pumps, gives the leases away, and keeps to the stop deadline: processors have four fifths of it, then
    /// another tenth with their tasks cancelled; the rest is for the store.
    ///
    /// - Returns: The partitions whose processors did not return.
    func drain(before end: ContinuousClock.Instant) async -> [PartitionID] {
        let start = clock.now
        releaseDeadline = end
        stopPumps()
        noteDrained()
        if await drained.wait(until: start.advanced(by: configuration.stopDeadline * 0.8), on: clock) { return [] }
        log(.warning, "processors do not return: cancelling them", ["partitions": "\(Array(pumps.keys))"])
        for pump in pumps.values { pump.task.cancel() }
        if await drained.wait(until: start.advanced(by: configuration.stopDeadline * 0.9), on: clock) { return [] }
        let abandoned = pumps.values.map(\.hold)
        for hold in abandoned {
            hold.stop(.leaseLost)
            pumps[hold.partition] = nil
            apply(machine.pumpEnded(hold.partition, generation: hold.generation))
        }
        _ = await drained.wait(until: end, on: clock)
        drained.open()
        return abandoned.map(\.partition)
    }

    func noteDrained() {
        guard stopping.isOpen, releaseDeadline != nil, machine.isIdle else { return }
        drained.open()
    }

    /// Tells the group that this host leaves, and finds out who should get what it has: as the others reckon, so that nothing
    /// has to move again. Follows the last look at the group, whose announcement would otherwise overtake this one.
    func chooseHeirs() async {
        defer { heirsChosen.open() }
        guard store.cooperative != nil else { return }
        let end = clock.now.advanced(by: configuration.stopDeadline * Self.timeToChooseHeirs)
        guard await announce(isLeaving: true, before: end), await readGroup(before: end) else { return }
        heirs = LeaseBalancer.heirs(
            leases: group.leases(of: partitions),
            hosts: group.records,
            leaving: configuration.hostID,
            holding: machine.ownedPartitions,
            at: clock.now
        )
    }

    /// Who should get a partition when this host stops. Nil: nobody, or the store does not say so in time.
    func heirAtStop(of partition: PartitionID) async -> HostID? {
        guard stopping.isOpen, store.cooperative != nil else { return nil }
        let end = (releaseDeadline ?? clock.now.advanced(by: configuration.stopDeadline))
            .advanced(by: configuration.stopDeadline * (Self.timeToChooseHeirs - 1))
        guard await heirsChosen.wait(until: end, on: clock) else { return nil }
        return heirs[partition]
    }

    private static let timeToChooseHeirs = 0.2

    /// The last look at the group: no partition stays with a host that has gone.
    ///
    /// An heir may have left while it was given something. Of two hosts that leave at the same time each says so before it looks for what
    /// bears its name, and looks who has left after it has given: so one of the two sees it, and releases the partition.
    func leave(before end: ContinuousClock.Instant) async {
        guard store.cooperative != nil, announced?.record.isLeaving == true else { return }
        if await readGroup(before: end) {
            let now = clock.now
            var strays: [Lease] = []
            for given in givenAtStop {
                guard let heir = given.owner, !group.isStaying(heir, at: now) else { continue }
                do {
                    if let lease = try await store.acquire(given, for: configuration.hostID, before: end) {
                        strays.append(lease)
                    }
                } catch {
                    failed(.acquire, "a lease could not be taken back from a host that has left", error)
                }
            }
            strays += group.leases.filter { $0.owner == configuration.hostID }
            await forEachConcurrently(strays, limit: Self.concurrentStoreCalls) { lease in await self.release(lease) }
        }
        do {
            try await store.withdraw(configuration.hostID, before: end)
        } catch {
            failed(.announce, "the host's record could not be removed: it will expire", error)
        }
    }
}
