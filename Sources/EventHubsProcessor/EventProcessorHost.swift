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

import CoreMetrics
import Logging
public import ServiceLifecycle
import Synchronization

/// Owns a fair part of an event hub's partitions and has them processed.
///
/// Hosts of one consumer group share the partitions through a ``LeaseManager`` and their progress through a ``CheckpointManager``. Each
/// event is processed at least once, and in the order of its partition.
///
/// ```swift
/// let host = EventProcessorHost(
///     consumer: consumer,
///     leaseManager: leases,
///     checkpointManager: checkpoints
/// ) { _ in MyProcessor() }
/// try await host.run()
/// ```
///
/// **Stopping.** In a `ServiceGroup`, or after ``shutDown()``, the host takes no further events, lets every processor finish its
/// batch, closes it (its chance for a last checkpoint), hands the leases to the hosts that stay or gives them back, and returns from ``run()``; all of that within
/// ``HostConfiguration/stopDeadline``. When the task of ``run()`` is cancelled the processors' tasks are cancelled too.
///
/// **Outages.** While the store does not answer the host goes on with the partitions it owns, protected by the owner level, and
/// claims no others. While events cannot be received it tries again with back-off for as long as it owns the partition.
public final class EventProcessorHost: Service {
    /// The configuration the host was made with.
    public let configuration: HostConfiguration

    private let supervisor: HostSupervisor
    private let hasRun = Mutex(false)

    /// Makes a host on any source of events.
    package init(
        source: any PartitionSource,
        leaseManager: some LeaseManager,
        checkpointManager: some CheckpointManager,
        configuration: HostConfiguration,
        makeProcessor: @escaping @Sendable (PartitionContext) -> any EventProcessor
    ) {
        self.configuration = configuration
        var logger = configuration.logger
        logger[metadataKey: "host"] = "\(configuration.hostID)"
        logger[metadataKey: "hub"] = "\(source.eventHub)"
        logger[metadataKey: "group"] = "\(source.consumerGroup)"
        supervisor = HostSupervisor(
            environment: PumpEnvironment(
                source: source,
                checkpointManager: checkpointManager,
                configuration: configuration,
                seed: configuration.randomSeed ?? .random(in: .min ... .max),
                logger: logger,
                metrics: HostMetrics(
                    factory: configuration.metricsFactory ?? MetricsSystem.factory,
                    namespace: source.namespace,
                    eventHub: source.eventHub,
                    consumerGroup: source.consumerGroup
                ),
                makeProcessor: makeProcessor
            ),
            leaseManager: leaseManager
        )
    }

    /// Runs the host until it is stopped. May be called once.
    ///
    /// A hub or a store that does not answer at the start is waited for; once the host has started it survives all their failures.
    ///
    /// - Throws: ``EventProcessorError`` when the configuration cannot work or processors outlast the stop deadline; what the consumer or
    ///   the lease manager throws at the start and time does not mend, for example that access is denied.
    public func run() async throws {
        let isFirst = hasRun.withLock { hasRun in
            defer { hasRun = true }
            return !hasRun
        }
        precondition(isFirst, "EventProcessorHost.run() was called twice")
        try configuration.validate()
        let supervisor = supervisor
        // A task of its own: when run() is cancelled, leases must still be given back.
        let work = Task { @concurrent in try await supervisor.run() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await work.value
            } onGracefulShutdown: {
                supervisor.stopping.open()
            }
        } onCancel: {
            Task { @concurrent in await supervisor.cancel() }
        }
    }

    /// Begins a graceful shutdown; ``run()`` returns when it is done.
    public func shutDown() {
        supervisor.stopping.open()
    }

    /// What the host is doing.
    public func status() async -> HostStatus {
        await supervisor.status()
    }
}
