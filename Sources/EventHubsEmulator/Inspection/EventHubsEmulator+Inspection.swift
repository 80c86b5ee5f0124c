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

extension EventHubsEmulator {
    /// What the partitions of a hub hold now; empty when there is no such hub, or the emulator does not run.
    public func partitions(of hub: String) -> [EmulatorPartition] {
        guard let broker, let log = broker.namespace.hub(hub) else { return [] }
        return log.partitions.map { partition in
            let summary = partition.summary(at: broker.namespace.now())
            return EmulatorPartition(
                id: partition.id,
                eventCount: summary.eventCount,
                firstSequenceNumber: summary.beginSequenceNumber,
                lastSequenceNumber: summary.lastEnqueuedSequenceNumber,
                retainedBytes: summary.retainedBytes,
                receivers: log.receivers(of: partition.id).map { group, receiver in
                    EmulatorReceiver(consumerGroup: group, name: receiver.name, ownerLevel: receiver.ownerLevel)
                }
            )
        }
    }

    /// The events that a partition of a hub holds now, decoded; empty when there is no such partition, or the emulator does not run.
    ///
    /// - Parameters:
    ///   - partition: the partition's id.
    ///   - hub: the hub's name.
    ///   - sequenceNumber: where to begin; what is not retained is passed over.
    ///   - limit: how many at most.
    /// - Returns: the events, in order.
    public func events(
        ofPartition partition: String,
        in hub: String,
        from sequenceNumber: Int64 = 0,
        limit: Int = .max
    ) -> [EmulatorEvent] {
        broker?.namespace.hub(hub)?.partition(partition)?.events(from: sequenceNumber, limit: limit) ?? []
    }

    /// The blobs of a container, by name: the leases and checkpoints of processors. Empty when there is no such container.
    public func blobs(in container: String) -> [EmulatorBlob] {
        contents?.blobs(in: container) ?? []
    }

    /// The number of AMQP connections that are open.
    public var connectionCount: Int { broker?.connectionCount ?? 0 }

    /// The AMQP connections that are open, and their links: producers, receivers, and those for tokens and management.
    public func connections() async -> [EmulatorConnection] {
        var connections: [EmulatorConnection] = []
        for connection in broker?.allConnections ?? [] {
            if let description = await connection.describe() { connections.append(description) }
        }
        return connections.sorted { $0.number < $1.number }
    }

    /// Waits until something is true of the emulator, asking every few milliseconds.
    ///
    /// ```swift
    /// try await emulator.until { $0.partitions(of: "telemetry").allSatisfy { $0.receivers.count == 1 } }
    /// ```
    ///
    /// - Parameters:
    ///   - timeout: how long to wait at most.
    ///   - condition: what is to be true.
    /// - Throws: ``EmulatorError`` with ``EmulatorError/Code/timedOut``, what `condition` throws, or `CancellationError` when the task is
    ///   cancelled.
    public func until(
        within timeout: Duration = .seconds(30),
        _ condition: (EventHubsEmulator) async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        while try await !condition(self) {
            guard ContinuousClock.now < deadline else {
                throw EmulatorError(.timedOut, "what was waited for did not come true within \(timeout)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
