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

// Starts and stops pumps.
extension HostSupervisor {
    func apply(_ action: PumpStateMachine.Action) {
        switch action {
        case .startPump(let lease, let generation): startPump(lease, generation: generation)
        case .stopPump(let partition, let generation, let reason):
            stopPump(partition, generation: generation, reason: reason)
        case .giveAway(let lease, let generation, let heir):
            // A task of its own: nobody is to wait for the store.
            Task { @concurrent in await self.giveAway(lease, generation: generation, to: heir) }
        case .none: break
        }
    }

    private func startPump(_ lease: Lease, generation: UInt64) {
        let pump = RunningPump(lease: lease, generation: generation, environment: environment) { [weak self] error in
            Task { @concurrent in await self?.failed(.storeCheckpoint, "a checkpoint could not be stored", error) }
        }
        pumps[lease.partition] = pump
        // A task of its own: when the pump's was cancelled, the lease must still be given back.
        Task { @concurrent in await self.pumpEnded(pump.hold, await pump.task.value) }
    }

    func stopPump(_ partition: PartitionID, generation: UInt64, reason: CloseReason) {
        guard let pump = pumps[partition], pump.hold.generation == generation else { return }
        pump.hold.stop(reason)
    }

    func stopPumps() {
        for case .stopPump(let partition, let generation, let reason) in machine.shutdownRequested() {
            stopPump(partition, generation: generation, reason: reason)
        }
    }

    private func pumpEnded(_ hold: PartitionHold, _ end: PartitionPump.End) {
        let partition = hold.partition
        if pumps[partition]?.hold.generation == hold.generation { pumps[partition] = nil }
        if end == .fenced {
            fenced.insert(partition)
            log(.info, "partition lost: its receiver was cut off by another one", ["partition": "\(partition)"])
        }
        measureEnd(of: hold, end)
        if end == .stopped(.givenUp) { giveUp(hold) }
        apply(machine.pumpEnded(partition, generation: hold.generation))
        noteDrained()
    }
}
