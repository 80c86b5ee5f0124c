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

package import EventHubs

/// Where a host's events come from: an event hub in one consumer group. Tests put a source of their own here.
package protocol PartitionSource: Sendable {
    /// A receiver on one partition.
    associatedtype Receiver: PartitionReceiving

    /// The fully qualified name of the namespace; empty when there is none.
    var namespace: String { get }
    /// The name of the event hub.
    var eventHub: String { get }
    /// The consumer group.
    var consumerGroup: String { get }

    /// All partitions of the event hub.
    func partitions() async throws(EventHubsError) -> [PartitionID]

    /// What the service tells about a partition: where it begins and ends now.
    func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties

    /// Opens a receiver. The service cuts off every other receiver of the partition with an equal or lower owner level.
    func openPartition(
        _ id: PartitionID,
        from position: EventPosition,
        options: PartitionOptions
    ) async throws(EventHubsError) -> Receiver
}

/// A receiver on one partition. One task at a time asks it for batches.
package protocol PartitionReceiving: Sendable {
    /// The next events, in the order of the partition.
    ///
    /// - Returns: An empty batch when the wait has passed without an event; nil when the receiver was closed.
    func nextBatch(maximumCount: Int?, maximumWait: Duration?) async throws(EventHubsError) -> EventBatch?

    /// Ends the receiver at once: what it has buffered is dropped, a task that waits in `nextBatch` goes on. May be called from
    /// any task, and again.
    func close() async

    /// Where the partition ends, if the service has told.
    var lastEnqueued: LastEnqueuedEvent? { get }

    /// How many bytes of events have been received and not consumed yet, those of the batch in hand among them.
    var bufferedBytes: Int { get }

    /// Makes the spans of processing; nil without a tracer.
    var tracer: MessagingTracer? { get }
}

extension PartitionSource {
    package var namespace: String { "" }
}

extension PartitionReceiving {
    package var bufferedBytes: Int { 0 }
    package var tracer: MessagingTracer? { nil }
}
