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
    /// Milliseconds since 1970
    package let createdAt: Int64
    package let partitions: [PartitionLog]
    /// Consumer groups by their name in lower case.
    private let groups: [String: String]
    private let state = Mutex(State())

    /// A hub whose events are in memory only.
    package convenience init(
        name: String,
        partitionCount: Int,
        consumerGroups: [String],
        retention: Retention,
        createdAt: Int64,
        offsets: OffsetStyle = .plain
    ) {
        self.init(
            name: name,
            consumerGroups: consumerGroups,
            createdAt: createdAt,
            partitions: (0..<partitionCount).map {
                PartitionLog(id: String($0), retention: retention, offsets: offsets)
            }
        )
    }

    init(name: String, consumerGroups: [String], createdAt: Int64, partitions: [PartitionLog]) {
        self.name = name
        self.createdAt = createdAt
        self.partitions = partitions
        groups = Dictionary(
            ([Self.defaultConsumerGroup] + consumerGroups).map { ($0.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The partition with this id, or nil.
    package func partition(_ id: some StringProtocol) -> PartitionLog? {
        guard let index = Int(id), partitions.indices.contains(index), String(index) == id else { return nil }
        return partitions[index]
    }

    /// The group's name as it was configured, whatever the case it is asked in; nil when there is none.
    package func consumerGroup(_ name: String) -> String? {
        groups[name.lowercased()]
    }

    /// Whether the hub is in more than one region.
    var isGeoReplicated: Bool { partitions.first?.offsets == .geoReplicated }

    package var consumerGroups: [String] { groups.values.sorted() }

    /// The partition for a delivery that names none: by key, or the next in turn.
    package func partition(for partitionKey: String?) -> PartitionLog {
        if let partitionKey {
            return partitions[PartitionKeyHash.partition(for: partitionKey, partitionCount: partitions.count)]
        }
        return state.withLock { state in
            defer { state.nextInTurn = (state.nextInTurn + 1) % partitions.count }
            return partitions[state.nextInTurn]
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
                .flatMap { place, levels in levels.receivers.map { (groups[place.group] ?? place.group, $0) } }
        }
    }
}

extension EventHubLog {
    private struct Place: Hashable {
        var group: String
        var partition: String
    }

    private struct State {
        var levels: [Place: OwnerLevels] = [:]
        var owners: [OwnerLevels.ReceiverID: any DisplaceableReceiver] = [:]
        var nextInTurn = 0
    }
}
