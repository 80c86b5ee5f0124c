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

public import CoreMetrics
public import Logging

/// How a host behaves.
public struct HostConfiguration: Sendable {
    /// The host's name among those of its consumer group.
    public var hostID: HostID

    /// How often leases are renewed, listed and balanced, give or take 10 %.
    public var updateInterval: Duration = .seconds(10)

    /// How long a lease is valid without renewal: how long the partitions of a host that has died stay without an owner.
    /// At least twice the update interval. Hosts of one consumer group should agree on it.
    public var leaseDuration: Duration = .seconds(60)

    /// How fast the host comes to its share of the partitions.
    public var balancing: BalancingStrategy = .greedy

    /// How long the owner of a partition has to hand it over to this host, which has asked for it; then it is taken all the same. The owner
    /// sees the request within its update interval, and lets its processor finish a batch first. Without effect where the lease manager
    /// is no ``CooperativeLeaseManager``.
    public var handOverDeadline: Duration = .seconds(30)

    /// How long a call to the lease or checkpoint store may take.
    public var storeDeadline: Duration = .seconds(15)

    /// How long a graceful shutdown may take in all. Less than what the platform grants: Kubernetes kills after 30 s.
    public var stopDeadline: Duration = .seconds(25)

    /// How often the list of partitions is read anew: a hub can grow. It is also read when another host owns a partition that this one
    /// does not know of.
    public var partitionRefreshInterval: Duration = .seconds(300)

    /// The most events in one batch.
    public var maximumBatchCount = 2_048

    /// The most bytes of events in one batch; an event that is larger comes alone. Nil: what has arrived, which ``prefetchBytes`` bounds.
    public var maximumBatchBytes: Int?

    /// After how long a wait without events the processor is called with an empty batch. Nil: never.
    public var maximumWait: Duration?

    /// How many events of one partition may be under way to the host or wait in it.
    public var prefetchCount = 3_000

    /// How many bytes of events of one partition may be under way to the host or wait in it.
    public var prefetchBytes = 32 * 1_024 * 1_024

    /// Whether each event tells where the partition ends, which ``PartitionStatus`` then shows, at the cost of some bytes
    /// per event.
    public var tracksLastEnqueuedEvent = false

    /// The owner level receivers are opened with, unless the store gives each lease one of its own (``Lease/ownerLevel``). It makes
    /// the service cut off the former owner's receiver. Nil disables this protection.
    public var ownerLevel: Int64? = 0

    /// After how long one call of `process` is reported as slow, in the log and in ``PartitionStatus/isHandlerSlow``. The call goes
    /// on. Nil: never. This and the two below are looked at once in an ``updateInterval``.
    public var slowHandlerThreshold: Duration? = .seconds(60)

    /// After how long the task of a call of `process` is cancelled. What it throws then goes to the ``failurePolicy``; if it returns,
    /// its batch counts as processed. Nil: never.
    public var handlerDeadline: Duration?

    /// How long after that a call which has still not returned is given up: its partition is released, so that another host may have
    /// it, and nothing of its batch is checkpointed. This host does not claim the partition while the call goes on.
    public var handlerGracePeriod: Duration = .seconds(30)

    /// What becomes of events after `process` has thrown.
    public var failurePolicy = FailurePolicy.restart

    /// Where a partition without a checkpoint begins.
    public var initialPosition: @Sendable (PartitionID) -> EventPosition = { _ in .earliest }

    /// What to do when the service does not accept the position of a checkpoint.
    public var invalidCheckpointPolicy = InvalidCheckpointPolicy.fail

    /// When checkpoints are written without the user's asking.
    public var checkpointPolicy: CheckpointPolicy = .every(.seconds(10))

    /// The pauses before a partition is tried again whose processor or receiver has failed.
    public var retryBackOff = BackOff()

    /// How often, give or take a quarter, the service is asked where a partition ends while its receiver does not tell: that is where
    /// ``PartitionStatus/lag`` comes from without ``tracksLastEnqueuedEvent``, and how a link is found that is silent though events have
    /// come. Such a link is attached again. Nil: never.
    public var endCheckInterval: Duration? = .seconds(60)

    /// Decides the order of claims and the jitter. Nil: random.
    public var randomSeed: UInt64?

    /// The clock of everything the host does.
    public var clock: ProcessorClock = .continuous

    /// Where the host logs. One line for each change, with host and partition.
    public var logger: Logger

    /// Where the host's metrics go. Nil: to the metrics system of the process, which has to be bootstrapped before the host is made.
    /// <doc:Observing> lists them.
    public var metricsFactory: (any MetricsFactory)?

    /// Makes a configuration with the defaults.
    public init(
        hostID: HostID = .unique(),
        checkpointPolicy: CheckpointPolicy = .every(.seconds(10)),
        logger: Logger = Logger(label: "EventProcessorHost")
    ) {
        self.hostID = hostID
        self.checkpointPolicy = checkpointPolicy
        self.logger = logger
    }

    /// How much of the update interval lies between two looks at the group: hosts that were started together do not stay in step.
    static let jitter = 0.9...1.1

    /// What works, but not well.
    var warnings: [String] {
        var warnings: [String] = []
        func warn(_ condition: Bool, _ message: String) {
            if condition { warnings.append(message) }
        }
        warn(
            leaseDuration < updateInterval * 3,
            "leaseDuration \(leaseDuration) is less than three times the updateInterval \(updateInterval): one renewal that fails loses "
                + "a partition"
        )
        warn(
            storeDeadline >= leaseDuration,
            "storeDeadline \(storeDeadline) is no less than leaseDuration \(leaseDuration): a store that is slow once loses every partition"
        )
        warn(
            handOverDeadline < updateInterval * 2,
            "handOverDeadline \(handOverDeadline) is less than twice the updateInterval \(updateInterval): owners hardly see a request in "
                + "time, and partitions are taken instead"
        )
        return warnings
    }

    /// - Throws: ``EventProcessorError`` with ``EventProcessorError/Code/invalidConfiguration``.
    func validate() throws(EventProcessorError) {
        func require(_ condition: Bool, _ message: String) throws(EventProcessorError) {
            guard !condition else { return }
            throw EventProcessorError(.invalidConfiguration, message: message, host: hostID)
        }
        try require(!hostID.rawValue.isEmpty, "hostID is empty, which means nobody in the store")
        try require(updateInterval > .zero, "updateInterval must be above zero")
        try require(
            leaseDuration >= updateInterval * 2,
            "leaseDuration \(leaseDuration) must be at least twice the updateInterval \(updateInterval)"
        )
        try require(handOverDeadline > .zero, "handOverDeadline must be above zero")
        try require(storeDeadline > .zero, "storeDeadline must be above zero")
        try require(stopDeadline > .zero, "stopDeadline must be above zero")
        try require(maximumBatchCount > 0, "maximumBatchCount must be above zero")
        try require(prefetchCount >= 0, "prefetchCount must not be negative")
        try require(prefetchBytes > 0, "prefetchBytes must be above zero")
        try require(maximumWait.map { $0 > .zero } ?? true, "maximumWait must be above zero or nil")
        try require(slowHandlerThreshold.map { $0 > .zero } ?? true, "slowHandlerThreshold must be above zero or nil")
        try require(maximumBatchBytes.map { $0 > 0 } ?? true, "maximumBatchBytes must be above zero or nil")
        try require(handlerDeadline.map { $0 > .zero } ?? true, "handlerDeadline must be above zero or nil")
        try require(handlerGracePeriod >= .zero, "handlerGracePeriod must not be negative")
        try require(endCheckInterval.map { $0 > .zero } ?? true, "endCheckInterval must be above zero or nil")
        try require(partitionRefreshInterval > .zero, "partitionRefreshInterval must be above zero")
        try require(checkpointPolicy.interval.map { $0 > .zero } ?? true, "the checkpoint interval must be above zero")
        try require(
            checkpointPolicy.eventCount.map { $0 > 0 } ?? true,
            "the checkpoint's eventCount must be above zero"
        )
    }
}
