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

/// Reconciles the leases a host owns with the pumps it runs: at most one pump per partition, and a lease is given away only after its
/// pump has ended.
///
/// ```
/// (no entry)
///    | leaseAcquired
///    v
/// running -- handOverRequested, shutdownRequested --> finishing -- pumpEnded --> returning -- leaseReturned --> (no entry)
///  | | |                                                 |                           ^
///  | | +--------------------- gaveUp ----> givingUp -----|------- pumpEnded ---------+
///  | |                                        |          |
///  | |                                  leaseReturned    |
///  | |                                        v          |
///  | +-------------- leaseLost -----------> losing <-----+ leaseLost
///  |                                          |
///  +-- pumpEnded --> (no entry)               +-- pumpEnded --> (no entry), or running if the partition has come back
/// ```
///
/// While a lease is *finishing* it is still held, and renewed: the processor may write its last checkpoint. A *generation* numbers the
/// pumps of a host. What a former pump still reports is recognised by it and ignored.
package struct PumpStateMachine: ~Copyable {
    private enum State {
        case running(lease: Lease, generation: UInt64)
        /// The pump was told to stop. Then the lease goes to the heir, or back to the store if none is named.
        case finishing(lease: Lease, generation: UInt64, heir: HostID?)
        /// The pump was told that its lease is lost. The successor is the lease under which the partition came back meanwhile.
        case losing(generation: UInt64, successor: Lease?)
        /// The pump has ended, the lease is on its way to the heir or back to the store.
        case returning(lease: Lease, generation: UInt64, heir: HostID?)
        /// The pump may never end, the lease is on its way back to the store.
        case givingUp(lease: Lease, generation: UInt64)

        /// The lease to keep alive.
        var held: Lease? {
            switch self {
            case .running(let lease, _), .finishing(let lease, _, _): lease
            case .losing(_, let successor): successor
            case .returning, .givingUp: nil
            }
        }

        var isHeld: Bool {
            switch self {
            case .running, .finishing, .losing(_, _?): true
            case .losing(_, nil), .returning, .givingUp: false
            }
        }
    }

    private var states: [PartitionID: State] = [:]
    private var isShutDown = false
    private var lastGeneration: UInt64 = 0

    package init() {}

    package enum Action: Equatable, Sendable {
        case startPump(Lease, generation: UInt64)
        case stopPump(PartitionID, generation: UInt64, reason: CloseReason)
        /// To the heir, or to whom it may concern. Report ``leaseReturned(_:generation:)`` when it is done.
        case giveAway(Lease, generation: UInt64, heir: HostID?)
        case none
    }

    /// The store has made this host the owner.
    package mutating func leaseAcquired(_ lease: Lease) -> Action {
        switch states[lease.partition] {
        case nil, .returning:
            return start(lease)
        case .running(_, let generation):
            states[lease.partition] = .running(lease: lease, generation: generation)
            return .none
        case .finishing(_, let generation, let heir):
            states[lease.partition] = .finishing(lease: lease, generation: generation, heir: heir)
            return .none
        case .losing(let generation, _), .givingUp(_, let generation):
            states[lease.partition] = .losing(generation: generation, successor: lease)
            return .none
        }
    }

    /// The store has prolonged a lease. True when it belongs to the pump that runs.
    package mutating func leaseRenewed(_ lease: Lease) -> Bool {
        switch states[lease.partition] {
        case .running(_, let generation):
            states[lease.partition] = .running(lease: lease, generation: generation)
            return true
        case .finishing(_, let generation, let heir):
            states[lease.partition] = .finishing(lease: lease, generation: generation, heir: heir)
            return true
        case .losing(let generation, _?):
            states[lease.partition] = .losing(generation: generation, successor: lease)
            return false
        case .returning(_, let generation, let heir):
            states[lease.partition] = .returning(lease: lease, generation: generation, heir: heir)
            return false
        case .givingUp(_, let generation):
            states[lease.partition] = .givingUp(lease: lease, generation: generation)
            return false
        case .losing, nil:
            return false
        }
    }

    /// Another host owns the partition.
    package mutating func leaseLost(_ partition: PartitionID) -> Action {
        switch states[partition] {
        case .running(_, let generation), .finishing(_, let generation, _):
            states[partition] = .losing(generation: generation, successor: nil)
            return .stopPump(partition, generation: generation, reason: .leaseLost)
        case .losing(let generation, _):
            states[partition] = .losing(generation: generation, successor: nil)
            return .none
        case .returning, .givingUp, nil:
            return .none
        }
    }

    /// Another host should have the partition and has asked for it.
    package mutating func handOverRequested(_ partition: PartitionID, to heir: HostID) -> Action {
        switch states[partition] {
        case .running(let lease, let generation):
            states[partition] = .finishing(lease: lease, generation: generation, heir: heir)
            return .stopPump(partition, generation: generation, reason: .handedOver)
        case .finishing(let lease, let generation, _):
            states[partition] = .finishing(lease: lease, generation: generation, heir: heir)
            return .none
        case .losing, .returning, .givingUp, nil:
            return .none
        }
    }

    /// The host stops: no lease is kept, no pump started any more.
    package mutating func shutdownRequested() -> [Action] {
        isShutDown = true
        var actions: [Action] = []
        for (partition, state) in states {
            guard case .running(let lease, let generation) = state else { continue }
            states[partition] = .finishing(lease: lease, generation: generation, heir: nil)
            actions.append(.stopPump(partition, generation: generation, reason: .shutdown))
        }
        return actions
    }

    /// The host gives the partition up: its lease goes back at once, and it is not to be claimed while its pump has not ended.
    package mutating func gaveUp(_ partition: PartitionID, generation: UInt64) -> Action {
        guard case .running(let lease, generation) = states[partition] else { return .none }
        states[partition] = .givingUp(lease: lease, generation: generation)
        return .giveAway(lease, generation: generation, heir: nil)
    }

    /// A pump has ended: because it was told to, or by itself when the service fenced it off.
    package mutating func pumpEnded(_ partition: PartitionID, generation: UInt64) -> Action {
        switch states[partition] {
        case .running(_, generation):
            states[partition] = nil
            return .none
        case .finishing(let lease, generation, let heir):
            states[partition] = .returning(lease: lease, generation: generation, heir: heir)
            return .giveAway(lease, generation: generation, heir: heir)
        case .losing(generation, let successor):
            states[partition] = nil
            return successor.map { start($0) } ?? .none
        case .givingUp(let lease, generation):
            states[partition] = .returning(lease: lease, generation: generation, heir: nil)
            return .none
        case .running, .finishing, .losing, .returning, .givingUp, nil:
            return .none
        }
    }

    /// The lease is given away, or the store did not answer: it is no longer this host's concern.
    package mutating func leaseReturned(_ partition: PartitionID, generation: UInt64) {
        switch states[partition] {
        case .returning(_, generation, _): states[partition] = nil
        case .givingUp(_, generation): states[partition] = .losing(generation: generation, successor: nil)
        case .running, .finishing, .losing, .returning, .givingUp, nil: break
        }
    }

    /// When the host stops, what still comes to it goes on its way at once.
    private mutating func start(_ lease: Lease) -> Action {
        lastGeneration += 1
        guard !isShutDown else {
            states[lease.partition] = .returning(lease: lease, generation: lastGeneration, heir: nil)
            return .giveAway(lease, generation: lastGeneration, heir: nil)
        }
        states[lease.partition] = .running(lease: lease, generation: lastGeneration)
        return .startPump(lease, generation: lastGeneration)
    }
}

extension PumpStateMachine {
    /// The leases to keep alive: those of pumps that run or finish, and successors.
    package var leasesToRenew: [Lease] {
        states.values.compactMap(\.held)
    }

    /// The lease to keep alive for a partition.
    package func lease(of partition: PartitionID) -> Lease? {
        states[partition]?.held
    }

    /// The lease that is on its way, as last renewed; only that of the pump with the generation if one is given.
    package func leaseToReturn(_ partition: PartitionID, generation: UInt64? = nil) -> Lease? {
        switch states[partition] {
        case .returning(let lease, let current, _), .givingUp(let lease, let current):
            generation ?? current == current ? lease : nil
        case .running, .finishing, .losing, nil: nil
        }
    }

    /// Whether a former pump of the partition has not ended, or its lease not been given away. Until then the partition is not to be
    /// claimed: its handler may be stuck.
    package func isStopping(_ partition: PartitionID) -> Bool {
        switch states[partition] {
        case .finishing, .losing, .returning, .givingUp: true
        case .running, nil: false
        }
    }

    /// The partitions this host owns.
    package var ownedPartitions: Set<PartitionID> {
        Set(states.lazy.filter(\.value.isHeld).map(\.key))
    }

    /// Whether this host owns the partition.
    package func owns(_ partition: PartitionID) -> Bool {
        states[partition]?.isHeld ?? false
    }

    /// The partitions that are being handed over, and to whom.
    package var heirs: [PartitionID: HostID] {
        states.compactMapValues { state in
            switch state {
            case .finishing(_, _, let heir), .returning(_, _, let heir): heir
            case .running, .losing, .givingUp: nil
            }
        }
    }

    /// Whether no pump is left and every lease given away.
    package var isIdle: Bool { states.isEmpty }
}
