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
import Synchronization

/// Follows every event of the demo through the hosts: was each one processed, in order, and how many twice?
///
/// One entry per partition, each with a lock of its own: the hosts never wait for one another here.
final class DemoLedger: Sendable {
    /// What has been found in one partition.
    struct Entry: Sendable, Equatable {
        /// The sequence number that has not been processed yet by anybody.
        var next: Int64 = 0
        /// Events processed for the first time.
        var events = 0
        /// Events processed again.
        var repeats = 0
        /// Sequence numbers that were skipped.
        var skipped = 0
        /// Events that did not follow their predecessor, by sequence number within a run or by number within a vehicle.
        var disordered = 0
        /// Events that were not the demo's.
        var foreign = 0

        fileprivate var newest: [Int: Int64] = [:]
    }

    /// The events one processor was given, which has to be an unbroken run.
    struct Run: Sendable {
        fileprivate var last: Int64?
    }

    private let entries: [PartitionID: Locked]

    private final class Locked: Sendable {
        let entry = Mutex(Entry())
    }

    init(partitions: [PartitionID]) {
        entries = Dictionary(partitions.map { ($0, Locked()) }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes down a batch.
    func processed(_ events: EventBatch, of partition: PartitionID, in run: inout Run) {
        entries[partition]?.entry.withLock { entry in
            for event in events {
                entry.processed(event.sequenceNumber, DemoEvent(body: event.copiedBody), in: &run)
            }
        }
    }

    /// What has been found in one partition so far.
    func entry(of partition: PartitionID) -> Entry { entries[partition]?.entry.withLock { $0 } ?? Entry() }

    /// What has been found in all.
    var total: Entry {
        entries.values.reduce(into: Entry()) { total, locked in
            let entry = locked.entry.withLock { $0 }
            total.events += entry.events
            total.repeats += entry.repeats
            total.skipped += entry.skipped
            total.disordered += entry.disordered
            total.foreign += entry.foreign
        }
    }
}

extension DemoLedger.Entry {
    /// Takes down one event.
    mutating func processed(_ sequence: Int64, _ event: DemoEvent?, in run: inout DemoLedger.Run) {
        if let last = run.last, sequence != last + 1 { disordered += 1 }
        run.last = sequence
        guard sequence >= next else {
            repeats += 1
            return
        }
        skipped += Int(sequence - next)
        next = sequence + 1
        events += 1
        guard let event else {
            foreign += 1
            return
        }
        if event.number != newest[event.vehicle, default: -1] + 1 { disordered += 1 }
        newest[event.vehicle] = event.number
    }
}
