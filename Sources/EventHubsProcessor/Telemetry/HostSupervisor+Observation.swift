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

// What is measured now and then, and what is counted when a partition leaves.
extension HostSupervisor {
    /// Records what cannot be counted as it happens.
    func measure() async {
        environment.metrics?.owns(machine.ownedPartitions.count)
        for pump in pumps.values { await pump.hold.measure(at: clock.now) }
    }

    /// Counts that a partition has left.
    func measureEnd(of hold: PartitionHold, _ end: PartitionPump.End) {
        guard let metrics = environment.metrics else { return }
        let loss: HostMetrics.Loss =
            switch end {
            case .fenced: .fenced
            case .stopped(.leaseLost): .leaseLost
            case .stopped(.shutdown): .shutdown
            case .stopped(.handedOver): .handedOver
            case .stopped: .givenUp
            }
        metrics.partitionLost(loss)
        hold.metrics?.destroy()
    }
}

extension PartitionHold {
    /// Records what a look at the partition shows.
    func measure(at now: ContinuousClock.Instant) async {
        // A look in any case: the age of checkpoints is reckoned from looks.
        let status = await status(at: now)
        metrics?.record(
            lag: status.lag,
            lagTime: status.lagTime,
            checkpointAge: status.checkpointAge,
            bufferedBytes: status.bufferedBytes
        )
    }

    /// How many events have been processed under this hold that no checkpoint covers.
    func countUncovered(at now: ContinuousClock.Instant) async -> Int64 {
        let status = await status(at: now)
        guard let done = status.processedSequenceNumber else { return 0 }
        guard let covered = status.checkpointSequenceNumber else { return Int64(status.processedEvents) }
        let (difference, overflow) = done.subtractingReportingOverflow(covered)
        return overflow ? 0 : max(difference, 0)
    }
}
