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

import Synchronization

/// A receiver that can be put out when another one takes its place.
package protocol DisplaceableReceiver: AnyObject, Sendable {
    /// Called on any thread, without a lock held.
    func displaced(by error: ServiceError)
}

/// One event hub: its partitions, its consumer groups, and who reads where.
package final class EventHubLog: Sendable {
    /// The group that every hub has.
    package static let defaultConsumerGroup = "$Default"

    package let name: String
    private let state: Mutex<State>

    /// A hub whose events are in memory only.
    package convenience init(
        name: String,
        partitionCount: Int,
        consumerGroups: [String],
        retention: Retention,
        createdAt: Int64,
        offsets: OffsetStyle = .plain
    ) {
        var definition = HubDefinition(name: name, partitionCount: partitionCount, createdAt: createdAt)
        for group in consumerGroups { definition.addGroup(group, at: createdAt) }
        self.init(definition) {
            (0..<partitionCount).map { PartitionLog(id: String($0), retention: retention, offsets: offsets) }
        }
    }

    /// A hub whose partitions are made when the first of them is asked for: one that nobody uses costs next to nothing.
    init(_ definition: HubDefinition, partitions: @escaping @Sendable () -> [PartitionLog]) {
        name = definition.name
        state = Mutex(State(definition: definition, makePartitions: partitions))
    }

    /// What the hub is by its administration.
    var definition: HubDefinition { state.withLock(\.definition) }

    package var partitions: [PartitionLog] { state.withLock { $0.partitions } }

    /// Puts a definition in the place of the one there is, with the partitions that it adds.
    func redefine(_ definition: HubDefinition, adding partitions: [PartitionLog] = []) {
        state.withLock { state in
            state.definition = definition
            state.partitions += partitions
        }
    }

    /// The partition with this id, or nil.
    package func partition(_ id: some StringProtocol) -> PartitionLog? {
        let partitions = partitions
        guard let index = Int(id), partitions.indices.contains(index), String(index) == id else { return nil }
        return partitions[index]
    }

    /// The group's name as it was made, whatever the case it is asked in; nil when there is none.
    package func consumerGroup(_ name: String) -> String? {
        state.withLock { $0.definition[group: name]?.name }
    }

    /// Whether the hub is in more than one region.
    var isGeoReplicated: Bool { partitions.first?.offsets == .geoReplicated }

    package var consumerGroups: [String] { state.withLock { $0.definition.groups.values.map(\.name).sorted() } }

    /// The partition for a delivery that names none: by key, or the next in turn.
    package func partition(for partitionKey: String?) -> PartitionLog {
        state.withLock { state in
            let count = state.partitions.count
            if let partitionKey {
                return state.partitions[PartitionKeyHash.partition(for: partitionKey, partitionCount: count)]
            }
            defer { state.nextInTurn = (state.nextInTurn + 1) % count }
            return state.partitions[state.nextInTurn]
        }
    }

    /// Opens a receiver under the rules of owner levels; those it displaces are told before this returns.
    package func openReceiver(
        _ receiver: OwnerLevels.Receiver,
        group: String,
        partition: String,
        owner: any DisplaceableReceiver
    ) throws(ServiceError) {
        let place = Place(group: group.lowercased(), partition: partition)
        let displaced = try state.withLock { (state) throws(ServiceError) in
            switch state.levels[place, default: OwnerLevels()].open(receiver) {
            case .refused(let error):
                throw error
            case .accepted(let displacements):
                state.owners[receiver.id] = owner
                return displacements.map { ($0, state.owners.removeValue(forKey: $0.receiver)) }
            }
        }
        for (displacement, owner) in displaced { owner?.displaced(by: displacement.error) }
    }

    /// Frees the place of a receiver that closed.
    package func closeReceiver(_ receiver: OwnerLevels.ReceiverID, group: String, partition: String) {
        let place = Place(group: group.lowercased(), partition: partition)
        state.withLock { state in
            state.owners[receiver] = nil
            state.levels[place]?.close(receiver)
            if state.levels[place]?.receivers.isEmpty == true { state.levels[place] = nil }
        }
    }

    /// The open receivers of a partition, over all groups.
    package func receivers(of partition: String) -> [(group: String, receiver: OwnerLevels.Receiver)] {
        state.withLock { state in
            state.levels.filter { $0.key.partition == partition }
                .flatMap { place, levels in
                    levels.receivers.map { (state.definition[group: place.group]?.name ?? place.group, $0) }
                }
        }
    }
}

extension EventHubLog {
    private struct Place: Hashable {
        var group: String
        var partition: String
    }

    private struct State {
        var definition: HubDefinition
        /// Nil: they have been made.
        private var makePartitions: (@Sendable () -> [PartitionLog])?
        private var madePartitions: [PartitionLog] = []
        var levels: [Place: OwnerLevels] = [:]
        var owners: [OwnerLevels.ReceiverID: any DisplaceableReceiver] = [:]
        var nextInTurn = 0

        init(definition: HubDefinition, makePartitions: @escaping @Sendable () -> [PartitionLog]) {
            self.definition = definition
            self.makePartitions = makePartitions
        }

        var partitions: [PartitionLog] {
            mutating get {
                if let makePartitions {
                    madePartitions = makePartitions()
                    self.makePartitions = nil
                }
                return madePartitions
            }
            set { madePartitions = newValue }
        }
    }
}
