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
    /// Stops the pumps, gives the leases back, and keeps to the stop deadline: processors have four fifths of it, then
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
        }
        await forEachConcurrently(abandoned, limit: abandoned.count + 1) { hold in
            await self.abandon(hold)
        }
        _ = await drained.wait(until: end, on: clock)
        drained.open()
        return abandoned.map(\.partition)
    }

    private func abandon(_ hold: PartitionHold) async {
        await apply(machine.pumpEnded(hold.partition, generation: hold.generation))
    }

    func noteDrained() {
        guard stopping.isOpen, machine.isIdle, releasing == 0, releaseAfterRenewal.isEmpty else { return }
        guard releaseDeadline != nil else { return }
        drained.open()
    }
}
