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

/// What a buffered producer needs of the producer beneath it.
package protocol BatchSender: Sendable {
    /// The event hub's partitions, in the service's order.
    func partitionIDs() async throws(EventHubsError) -> [PartitionID]

    /// An empty batch for a partition that knows how much the service takes.
    func makeBatch(for id: PartitionID, maximumSize: Int?) async throws(EventHubsError) -> EventDataBatch

    /// Sends a batch, again where that can help, and waits until the service has it safe.
    func send(_ batch: EventDataBatch) async throws(EventHubsError)

    /// Ends the connection.
    func close() async
}

extension EventHubProducer: BatchSender {
    package func partitionIDs() async throws(EventHubsError) -> [PartitionID] { try await properties().partitionIDs }

    package func makeBatch(for id: PartitionID, maximumSize: Int?) async throws(EventHubsError) -> EventDataBatch {
        try await makeBatch(.partition(id), maximumSize: maximumSize)
    }
}
