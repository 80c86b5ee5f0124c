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

import EventHubs
import EventHubsEmulator
import EventHubsProcessor

/// Makes ``DemoSnapshot``s: rates from what was processed over the last second.
struct DemoMeter {
    private struct Sample {
        var time: Duration
        var processed: [PartitionID: Int]
    }

    private let ledger: DemoLedger
    private let address: String
    private var samples: [Sample] = []

    init(ledger: DemoLedger, address: String) {
        self.ledger = ledger
        self.address = address
    }

    mutating func snapshot(
        at elapsed: Duration,
        partitions: [EmulatorPartition],
        statuses: [HostStatus]
    ) -> DemoSnapshot {
        let ids = partitions.map { PartitionID($0.id) }
        let processed = Dictionary(
            ids.map { ($0, ledger.entry(of: $0).events) },
            uniquingKeysWith: { first, _ in first }
        )
        samples.append(Sample(time: elapsed, processed: processed))
        while samples.count > 2, elapsed - samples[1].time >= .seconds(1) { samples.removeFirst() }
        let seconds = (elapsed - samples[0].time) / .seconds(1)

        let rows = zip(partitions, ids).map { partition, id in
            let owner = statuses.first { status in status.partitions.contains { $0.partition == id } }
            let held = owner?.partitions.first { $0.partition == id }
            let count = processed[id] ?? 0
            let before = samples[0].processed[id] ?? 0
            return DemoSnapshot.Row(
                partition: partition.id,
                owner: owner?.host.rawValue,
                eventsPerSecond: seconds > 0 ? Double(count - before) / seconds : 0,
                // The log counts from 0, so its last number plus one is how many events there were.
                lag: max(0, partition.lastSequenceNumber + 1 - Int64(count)),
                checkpoint: held?.checkpointSequenceNumber,
                processed: count
            )
        }
        return DemoSnapshot(elapsed: elapsed, address: address, rows: rows, hosts: statuses.map(\.host.rawValue))
    }
}
