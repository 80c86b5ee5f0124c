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

/// What a host measures of itself: handles that are made once and given back when the host ends.
///
/// There is none of it when no metrics system is installed: the host then holds nil and reads no clock for it.
final class HostMetrics: Sendable {
    /// How a partition came to this host.
    enum Acquisition: String, CaseIterable {
        /// Nobody owned it, or the owner's lease had run out.
        case free
        /// It was this host's own before a restart, or its pump starts anew.
        case resumed
        /// Taken from another host without its agreement.
        case stolen
        /// Handed over by its former owner.
        case handedOver = "handed_over"
    }

    /// Why a partition left this host.
    enum Loss: String, CaseIterable {
        /// The store says that it is another's.
        case leaseLost = "lease_lost"
        /// The service cut the receiver off.
        case fenced
        /// The host stops.
        case shutdown
        /// The host that asked for it has it now.
        case handedOver = "handed_over"
        /// This host gave it up: its handler was stuck, or its failure policy said so.
        case givenUp = "given_up"
    }

    /// What became of a planned move.
    enum HandOver: String, CaseIterable {
        /// This host gave a partition to the host that had asked.
        case given
        /// This host got a partition it had asked for.
        case received
        /// The owner did not answer in time: the partition was stolen.
        case timedOut = "timed_out"
    }

    /// Why events are delivered again.
    enum Repetition: String, CaseIterable {
        /// The next owner of a partition that has left begins behind the last checkpoint.
        case takeOver = "take_over"
        /// A new processor begins behind the last checkpoint, on this host.
        case restart
    }

    /// What a failure policy has done with events that were not processed.
    enum SettingAside: String, CaseIterable {
        /// They are in the dead-letter sink.
        case parked
        /// They are lost to the consumer group.
        case skipped
    }

    /// A call to the store of leases or checkpoints.
    enum StoreCall: String, CaseIterable {
        case list
        case acquire
        case renew
        case release
        case handOver = "hand_over"
        case announce
        case hosts
        case loadCheckpoint = "load_checkpoint"
        case storeCheckpoint = "store_checkpoint"
    }

    private let factory: any MetricsFactory
    private let dimensions: [(String, String)]
    private let owned: Gauge
    private let conflicts: Counter
    private let acquired: [Acquisition: Counter]
    private let lost: [Loss: Counter]
    private let handOvers: [HandOver: Counter]
    private let repeated: [Repetition: Counter]
    private let setAside: [SettingAside: Counter]
    private let failures: [StoreCall: Counter]

    /// Makes the handles. Nil when the factory's do nothing.
    ///
    /// - Parameters:
    ///   - factory: Where the handles come from.
    ///   - namespace: The fully qualified name of the namespace; empty when it is not known.
    ///   - eventHub: The name of the event hub.
    ///   - consumerGroup: The consumer group.
    init?(factory: any MetricsFactory, namespace: String, eventHub: String, consumerGroup: String) {
        guard !(factory is NOOPMetricsHandler) else { return nil }
        var dimensions = [
            (MetricDimension.system, "eventhubs"), (MetricDimension.hub, eventHub),
            (MetricDimension.consumerGroup, consumerGroup),
        ]
        if !namespace.isEmpty { dimensions.append((MetricDimension.namespace, namespace)) }
        self.factory = factory
        self.dimensions = dimensions

        func counters<Key: CaseIterable & Hashable & RawRepresentable<String>>(
            _ label: String,
            by dimension: String
        ) -> [Key: Counter] {
            Dictionary(
                uniqueKeysWithValues: Key.allCases.map { key in
                    (key, Counter(label: label, dimensions: dimensions + [(dimension, key.rawValue)], factory: factory))
                }
            )
        }
        owned = Gauge(label: MetricName.ownedPartitions, dimensions: dimensions, factory: factory)
        conflicts = Counter(label: MetricName.claimConflicts, dimensions: dimensions, factory: factory)
        acquired = counters(MetricName.acquiredPartitions, by: MetricDimension.reason)
        lost = counters(MetricName.lostPartitions, by: MetricDimension.reason)
        handOvers = counters(MetricName.handOvers, by: MetricDimension.outcome)
        repeated = counters(MetricName.repeatedMessages, by: MetricDimension.reason)
        setAside = counters(MetricName.messagesSetAside, by: MetricDimension.outcome)
        failures = counters(MetricName.storeFailures, by: MetricDimension.operation)
    }

    /// The handles of one partition. Whoever asks gives them back with ``PartitionMetrics/destroy()``.
    func makePartition(_ partition: PartitionID) -> PartitionMetrics {
        PartitionMetrics(
            factory: factory,
            dimensions: dimensions + [(MetricDimension.partition, partition.rawValue)]
        )
    }

    /// How many partitions the host owns.
    func owns(_ count: Int) { owned.record(count) }

    /// A partition has come to this host.
    func partitionAcquired(_ how: Acquisition) { acquired[how]?.increment() }

    /// A partition has left this host.
    func partitionLost(_ why: Loss) { lost[why]?.increment() }

    /// A planned move has ended.
    func handOverEnded(_ outcome: HandOver) { handOvers[outcome]?.increment() }

    /// A claim was lost to another host.
    func claimLost() { conflicts.increment() }

    /// Events have been processed that no checkpoint covers: they will be delivered again.
    func willRepeat(_ count: Int64, _ why: Repetition) {
        guard count > 0 else { return }
        repeated[why]?.increment(by: count)
    }

    /// Events are left out that were not processed.
    func setAside(_ count: Int, _ how: SettingAside) { setAside[how]?.increment(by: count) }

    /// A call to the store has failed.
    func storeFailed(_ call: StoreCall) { failures[call]?.increment() }

    /// Gives the handles back.
    func destroy() {
        owned.destroy()
        conflicts.destroy()
        for counter in acquired.values { counter.destroy() }
        for counter in lost.values { counter.destroy() }
        for counter in handOvers.values { counter.destroy() }
        for counter in repeated.values { counter.destroy() }
        for counter in setAside.values { counter.destroy() }
        for counter in failures.values { counter.destroy() }
    }
}
