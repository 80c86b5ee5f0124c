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

/// Reconciles the leases a host owns with the pumps it runs: at most one pump per partition, and a lease is given back only after its
/// pump has ended.
///
/// ```
///               leaseAcquired                leaseLost, shutdown
///   (no entry) ---------------> running ----------------------------> stopping
///        ^                         |                                     |
///        +------- pumpEnded -------+---------------- pumpEnded ----------+--> running (a successor was acquired)
/// ```
///
/// A *generation* numbers the pumps of a host. What a former pump still reports is recognised by it and ignored.
package struct PumpStateMachine: ~Copyable {
    private enum State {
        case running(lease: Lease, generation: UInt64)
        /// The successor is the lease under which the partition came back while its former pump was still stopping.
        case stopping(lease: Lease, generation: UInt64, reason: CloseReason, successor: Lease?)
    }

    private var states: [PartitionID: State] = [:]
    private var isShutDown = false
    private var lastGeneration: UInt64 = 0

    package init() {}

    package enum Action: Equatable, Sendable {
        case startPump(Lease, generation: UInt64)
        case stopPump(PartitionID, generation: UInt64, reason: CloseReason)
        case release(Lease)
        case none
    }

    /// The store has made this host the owner.
    package mutating func leaseAcquired(_ lease: Lease) -> Action {
        guard !isShutDown else { return .release(lease) }
        switch states[lease.partition] {
        case nil:
            return start(lease)
        case .running(_, let generation):
            states[lease.partition] = .running(lease: lease, generation: generation)
            return .none
        case .stopping(let former, let generation, let reason, _):
            states[lease.partition] = .stopping(
                lease: former,
                generation: generation,
                reason: reason,
                successor: lease
            )
            return .none
        }
    }

    /// The store has prolonged a lease. True when it belongs to the pump that runs.
    package mutating func leaseRenewed(_ lease: Lease) -> Bool {
        switch states[lease.partition] {
        case .running(_, let generation):
            states[lease.partition] = .running(lease: lease, generation: generation)
            return true
        case .stopping(_, let generation, .shutdown, let successor):
            states[lease.partition] = .stopping(
                lease: lease,
                generation: generation,
                reason: .shutdown,
                successor: successor
            )
            return true
        case .stopping(let former, let generation, let reason, _?):
            states[lease.partition] = .stopping(
                lease: former,
                generation: generation,
                reason: reason,
                successor: lease
            )
            return false
        case .stopping, nil:
            return false
        }
    }

    /// Another host owns the partition.
    package mutating func leaseLost(_ partition: PartitionID) -> Action {
        switch states[partition] {
        case .running(let lease, let generation), .stopping(let lease, let generation, .shutdown, _):
            states[partition] = .stopping(lease: lease, generation: generation, reason: .leaseLost, successor: nil)
            return .stopPump(partition, generation: generation, reason: .leaseLost)
        case .stopping(let lease, let generation, let reason, _):
            states[partition] = .stopping(lease: lease, generation: generation, reason: reason, successor: nil)
            return .none
        case nil:
            return .none
        }
    }

    /// The host stops: no lease is kept, no pump started any more.
    package mutating func shutdownRequested() -> [Action] {
        isShutDown = true
        var actions: [Action] = []
        for (partition, state) in states {
            guard case .running(let lease, let generation) = state else { continue }
            states[partition] = .stopping(lease: lease, generation: generation, reason: .shutdown, successor: nil)
            actions.append(.stopPump(partition, generation: generation, reason: .shutdown))
        }
        return actions
    }

    /// The host gives the partition up: its lease goes back at once, and it is not to be claimed while its pump has not ended.
    package mutating func gaveUp(_ partition: PartitionID, generation: UInt64) -> Action {
        guard case .running(let lease, generation) = states[partition] else { return .none }
        states[partition] = .stopping(lease: lease, generation: generation, reason: .givenUp, successor: nil)
        return .release(lease)
    }

    /// A pump has ended: because it was told to, or by itself when the service fenced it off.
    package mutating func pumpEnded(_ partition: PartitionID, generation: UInt64) -> Action {
        switch states[partition] {
        case .running(_, generation):
            states[partition] = nil
            return .none
        case .stopping(let lease, generation, .shutdown, _):
            states[partition] = nil
            return .release(lease)
        case .stopping(_, generation, _, let successor):
            states[partition] = nil
            guard let successor else { return .none }
            return isShutDown ? .release(successor) : start(successor)
        case .running, .stopping, nil:
            return .none
        }
    }

    private mutating func start(_ lease: Lease) -> Action {
        lastGeneration += 1
        states[lease.partition] = .running(lease: lease, generation: lastGeneration)
        return .startPump(lease, generation: lastGeneration)
    }
}

extension PumpStateMachine {
    /// The leases to keep alive: those of running pumps, of pumps that are finishing for a shutdown, and successors.
    package var leasesToRenew: [Lease] {
        states.keys.compactMap { lease(of: $0) }
    }

    /// The lease to keep alive for a partition.
    package func lease(of partition: PartitionID) -> Lease? {
        switch states[partition] {
        case .running(let lease, _), .stopping(let lease, _, .shutdown, _): lease
        case .stopping(_, _, _, let successor): successor
        case nil: nil
        }
    }

    /// Whether a former pump of the partition has not ended yet. Until it has, the partition is not to be claimed: its
    /// handler may be stuck.
    package func isStopping(_ partition: PartitionID) -> Bool {
        guard case .stopping = states[partition] else { return false }
        return true
    }

    /// The partitions this host owns.
    package var ownedPartitions: Set<PartitionID> {
        Set(leasesToRenew.map(\.partition))
    }

    /// Whether no pump is left.
    package var isIdle: Bool { states.isEmpty }
}
