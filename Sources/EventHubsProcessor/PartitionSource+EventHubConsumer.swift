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

public import EventHubs

extension EventHubConsumer: PartitionSource {
    package var namespace: String { endpoint.host }

    package var eventHub: String { endpoint.eventHubName }

    package func partitions() async throws(EventHubsError) -> [PartitionID] {
        try await properties().partitionIDs
    }
}

extension PartitionReceiver: PartitionReceiving {}

extension EventProcessorHost {
    /// Makes a host.
    ///
    /// - Parameters:
    ///   - consumer: The event hub and the consumer group. The caller closes it after the host has returned from ``run()``.
    ///   - leaseManager: The store of leases that all hosts of the consumer group share.
    ///   - checkpointManager: The store of checkpoints that all hosts of the consumer group share.
    ///   - configuration: How the host behaves.
    ///   - makeProcessor: Makes the processor of one partition. Called in the task the processor will run in, each time the
    ///     partition comes to this host or starts over.
    public convenience init(
        consumer: EventHubConsumer,
        leaseManager: some LeaseManager,
        checkpointManager: some CheckpointManager,
        configuration: HostConfiguration = HostConfiguration(),
        makeProcessor: @escaping @Sendable (PartitionContext) -> any EventProcessor
    ) {
        self.init(
            source: consumer,
            leaseManager: leaseManager,
            checkpointManager: checkpointManager,
            configuration: configuration,
            makeProcessor: makeProcessor
        )
    }
}
