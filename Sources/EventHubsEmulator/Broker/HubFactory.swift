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

/// Makes event hubs and their partitions, in memory or kept in a directory.
struct HubFactory: Sendable {
    private let directory: DataDirectory?
    private let namespace: String
    private let retainedBytes: Int
    private let retentionTime: Int64
    private let offsets: OffsetStyle

    init(_ configuration: EmulatorConfiguration, directory: DataDirectory?) {
        self.directory = directory
        namespace = configuration.namespaceName
        retainedBytes = configuration.retainedBytesPerPartition
        retentionTime = configuration.retentionTime.wholeMilliseconds
        offsets = configuration.isGeoReplicated ? .geoReplicated : .plain
    }

    /// A hub of the configuration, with what administration has made of it and the events it had.
    func hub(_ configured: EmulatorConfiguration.Hub, now: Int64) throws(EmulatorError) -> EventHubLog {
        var definition = HubDefinition(
            name: configured.name,
            partitionCount: configured.partitionCount,
            createdAt: now
        )
        if let directory {
            if let kept = try directory.definition(of: configured.name) {
                definition = kept
            } else {
                definition.createdAt = try directory.creationTime(of: configured.name, now: now)
            }
        }
        definition.add(configured)
        return try hub(definition)
    }

    /// The hubs that administration has made, with the events they had.
    func administeredHubs(besides configured: [EmulatorConfiguration.Hub]) throws(EmulatorError) -> [EventHubLog] {
        let names = Set(configured.map { $0.name.lowercased() })
        var hubs: [EventHubLog] = []
        for definition in try directory?.definitions() ?? [] where !names.contains(definition.name.lowercased()) {
            hubs.append(try hub(definition))
        }
        return hubs
    }

    /// A hub as it is defined, with the events it had.
    func hub(_ definition: HubDefinition) throws(EmulatorError) -> EventHubLog {
        try directory?.checkPartitions(of: definition)
        let hub: EventHubLog
        if directory == nil {
            hub = EventHubLog(definition) { [retention = retention(of: definition), offsets] in
                (0..<definition.partitionCount).map {
                    PartitionLog(id: String($0), retention: retention, offsets: offsets)
                }
            }
        } else {
            // What their files hold has to be known before anybody is served.
            let partitions = try partitions(0..<definition.partitionCount, of: definition)
            hub = EventHubLog(definition) { partitions }
        }
        if !definition.status.takesEvents { applyDefinition(of: hub) }
        return hub
    }

    /// Lets the partitions of a hub keep and take what its definition says.
    func applyDefinition(of hub: EventHubLog) {
        let definition = hub.definition
        let retention = retention(of: definition)
        let refusal = definition.status.takesEvents ? nil : ServiceError.entityDisabled(hub.name, in: namespace)
        for partition in hub.partitions { partition.set(retention, refusal: refusal) }
    }

    /// Some partitions of a hub.
    func partitions(_ numbers: Range<Int>, of definition: HubDefinition) throws(EmulatorError) -> [PartitionLog] {
        let retention = retention(of: definition)
        var partitions: [PartitionLog] = []
        for number in numbers {
            let id = String(number)
            if let directory {
                let files = directory.files(ofPartition: number, of: definition.name)
                partitions.append(try PartitionLog(id: id, retention: retention, offsets: offsets, files: files))
            } else {
                partitions.append(PartitionLog(id: id, retention: retention, offsets: offsets))
            }
        }
        return partitions
    }

    /// How long the events of a hub are kept, in days as the service counts them.
    func retentionDays(of definition: HubDefinition) -> Int {
        definition.retentionDays ?? max(Int(retentionTime / 86_400_000), 1)
    }

    private func retention(of definition: HubDefinition) -> Retention {
        Retention(
            maximumBytes: retainedBytes,
            maximumAge: definition.retentionDays.map { Int64($0) * 86_400_000 } ?? retentionTime
        )
    }
}
