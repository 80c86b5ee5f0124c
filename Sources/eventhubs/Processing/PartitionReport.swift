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
import EventHubsProcessor
import Foundation
import Synchronization

/// What `eventhubs process` tells about the partitions it has: lines for each event and change, or counts.
final class PartitionReport: Sendable {
    enum Style: Sendable {
        /// Each event in a format; with `.json` opened and closed partitions and checkpoints as well.
        case events(EventFormat)
        /// A line with the numbers now and then.
        case counts
    }

    let style: Style
    let output: LineOutput
    private let totals = Mutex(Totals())

    struct Totals: Sendable {
        var events = 0
        var bytes = 0
        var partitions: Set<PartitionID> = []
    }

    init(style: Style, output: LineOutput = .standard) {
        self.style = style
        self.output = output
    }

    var current: Totals { totals.withLock { $0 } }

    func opened(_ partition: PartitionID) {
        totals.withLock { _ = $0.partitions.insert(partition) }
        mark("open", partition)
    }

    func closed(_ partition: PartitionID, reason: CloseReason) {
        totals.withLock { _ = $0.partitions.remove(partition) }
        mark("close", partition) { $0.field("reason", String(describing: reason)) }
    }

    func stored(_ checkpoint: Checkpoint) {
        mark("checkpoint", checkpoint.partition) { $0.field("sequence", checkpoint.sequenceNumber) }
    }

    func failed(_ partition: PartitionID, _ error: EventProcessorError) {
        mark("error", partition) { $0.field("message", String(describing: error)) }
    }

    func processed(_ events: EventBatch, of partition: PartitionID) {
        totals.withLock { totals in
            totals.events += events.count
            totals.bytes += events.byteCount
        }
        guard case .events(let format) = style else { return }
        output.append { bytes in
            for event in events { format.append(event, of: partition, to: &bytes) }
        }
        // Whoever reads along sees events when they come; under load the buffer decides.
        if events.count < 16 { output.flush() }
    }

    private func mark(_ type: String, _ partition: PartitionID, _ more: (inout JSONObjectWriter) -> Void = { _ in }) {
        guard case .events(.json) = style else { return }
        output.append { bytes in
            var object = JSONObjectWriter(appendingTo: bytes)
            object.field("type", type)
            object.field("partition", partition.rawValue)
            more(&object)
            object.field("at", Int64(Date().timeIntervalSince1970 * 1000))
            bytes = object.finish()
            bytes.append(UInt8(ascii: "\n"))
        }
        output.flush()
    }
}

/// The processor of one partition: hands everything to the report.
final class ReportingProcessor: EventProcessor {
    private let report: PartitionReport

    init(report: PartitionReport) { self.report = report }

    func open(_ context: PartitionContext) async throws { report.opened(context.partitionID) }

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        report.processed(events, of: context.partitionID)
    }

    func close(_ context: PartitionContext, reason: CloseReason) async throws {
        report.closed(context.partitionID, reason: reason)
    }

    func failed(_ error: EventProcessorError, in context: PartitionContext) async {
        report.failed(context.partitionID, error)
    }
}

/// Checkpoints of another manager, with a line for each: printed events are out before their checkpoint is.
struct ReportingCheckpointManager<Base: CheckpointManager>: CheckpointManager {
    let base: Base
    let report: PartitionReport

    func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        try await base.checkpoint(for: partition)
    }

    func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        report.output.flush()
        try await base.store(checkpoint, holding: lease)
        report.stored(checkpoint)
    }
}
