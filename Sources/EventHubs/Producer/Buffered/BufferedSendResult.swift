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

/// What became of events given to ``BufferedEventHubProducer/enqueue(_:to:)``: those of one batch, which the service
/// accepted or rejected as a whole.
public struct BufferedSendResult: Sendable {
    /// The partition the events were for.
    public let partition: PartitionID

    /// How many events the result is about.
    public let count: Int

    /// Why they were not sent; nil when the service has them safe.
    public let error: EventHubsError?

    private let batch: BufferedBatch

    /// The result for the enqueued events in `batch`; those that were submitted have theirs in their receipts.
    init(_ batch: BufferedBatch, partition: PartitionID, error: EventHubsError?) {
        self.batch = batch
        self.partition = partition
        self.error = error
        count = batch.enqueuedCount
    }

    /// The events, decoded now from the batch as it was sent: an event with a partition key has it in its message
    /// annotations, and keeps it when it is sent to ``partition`` again.
    /// - Throws: `DecodingError`
    public func events() throws(DecodingError) -> [EventData] {
        let events = try batch.events.decodedEvents()
        var submitted = batch.submitted[...]
        var enqueued: [EventData] = []
        enqueued.reserveCapacity(count)
        for (index, event) in events.enumerated() {
            if submitted.first == index {
                submitted.removeFirst()
            } else {
                enqueued.append(event)
            }
        }
        return enqueued
    }
}
