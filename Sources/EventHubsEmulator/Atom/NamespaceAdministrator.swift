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

/// Makes, changes and removes the event hubs of the namespace and their consumer groups, one after the other.
///
/// With a data directory what it does is kept there before it is answered, and is what the next emulator begins with.
actor NamespaceAdministrator {
    /// What a request wants a hub to be like. What is nil is as the service has it by default.
    struct HubSettings: Sendable, Equatable {
        var partitionCount: Int?
        var retentionDays: Int?
        var status: HubStatus?
        var userMetadata: String?
    }

    /// What the service gives a hub that wants no number.
    private static let defaultPartitionCount = 16
    /// So many hubs, and groups of one hub, are possible where no tier says otherwise.
    private static let maximumEntities = 1_000
    private static let maximumRetentionDays = 90

    private let broker: Broker
    private let factory: HubFactory
    private let directory: DataDirectory?

    private var namespace: Namespace { broker.namespace }
    private var tier: ServiceTier? { broker.configuration.tier }

    init(broker: Broker, factory: HubFactory, directory: DataDirectory?) {
        self.broker = broker
        self.factory = factory
        self.directory = directory
    }

    /// How long the events of a hub are kept.
    nonisolated func retentionDays(of definition: HubDefinition) -> Int { factory.retentionDays(of: definition) }

    // MARK: Event hubs

    func createHub(_ name: String, _ settings: HubSettings) throws(AtomError) -> EventHubLog {
        guard EmulatorConfiguration.isName(name) else { throw AtomError(400, "'\(name)' is no name for an event hub.") }
        guard namespace.hub(name) == nil else { throw .alreadyExists(name) }
        let limit = tier?.maximumHubs ?? Self.maximumEntities
        guard namespace.allHubs.count < limit else {
            throw .quota("The namespace has \(limit) event hubs, which is the limit.")
        }
        let count = settings.partitionCount ?? Self.defaultPartitionCount
        try checkPartitionCount(count)
        var definition = HubDefinition(name: name, partitionCount: count, createdAt: namespace.now())
        try apply(settings, to: &definition)
        do throws(EmulatorError) {
            try directory?.keep(definition)
            let hub = try factory.hub(definition)
            namespace.add(hub)
            return hub
        } catch {
            throw .notKept(error)
        }
    }

    /// Changes a hub; what the settings leave out gets its default, but for the number of partitions, which stays.
    func updateHub(_ name: String, _ settings: HubSettings) throws(AtomError) -> EventHubLog {
        let hub = try hub(name)
        var definition = hub.definition
        let count = definition.partitionCount
        try apply(settings, to: &definition, keeping: retentionDays(of: definition))
        if let wanted = settings.partitionCount, wanted != count {
            guard wanted > count else {
                throw AtomError(400, "The event hub '\(hub.name)' has \(count) partitions: it cannot have fewer.")
            }
            guard tier?.allowsMorePartitions ?? true else {
                throw AtomError(400, "The number of partitions of an event hub cannot be changed in this tier.")
            }
            try checkPartitionCount(wanted)
            definition.partitionCount = wanted
        }
        definition.updatedAt = namespace.now()
        do throws(EmulatorError) {
            let added = try factory.partitions(count..<definition.partitionCount, of: definition)
            try directory?.keep(definition)
            hub.redefine(definition, adding: added)
        } catch {
            throw .notKept(error)
        }
        factory.applyDefinition(of: hub)
        let status = definition.status
        if status != .active {
            broker.detachLinks(because: .entityDisabled(hub.name, in: namespace.name)) { feed in
                feed.hub === hub && !(feed.consumerGroup == nil ? status.takesEvents : status.givesEvents)
            }
        }
        return hub
    }

    /// Removes a hub with its events; links to it are detached.
    func removeHub(_ name: String) throws(AtomError) {
        guard let hub = namespace.remove(name) else { throw .notFound(name) }
        let gone = ServiceError.entityNotFound(hub.name, in: namespace.name)
        for partition in hub.partitions { partition.end(because: gone) }
        broker.detachLinks(because: gone) { $0.hub === hub }
        do throws(EmulatorError) {
            try directory?.remove(hub.name)
        } catch {
            throw .notKept(error)
        }
    }

    private func hub(_ name: String) throws(AtomError) -> EventHubLog {
        guard let hub = namespace.hub(name) else { throw .notFound(name) }
        return hub
    }

    /// Puts settings into a definition. The retention stays as it is when it is said to be as many days as now: the emulator may be
    /// configured to a part of a day.
    private func apply(
        _ settings: HubSettings,
        to definition: inout HubDefinition,
        keeping current: Int? = nil
    ) throws(AtomError) {
        if settings.retentionDays == nil || settings.retentionDays != current {
            let limit = tier?.maximumRetentionDays ?? Self.maximumRetentionDays
            if let days = settings.retentionDays, !(1...limit).contains(days) {
                throw AtomError(400, "MessageRetentionInDays is \(days): 1 to \(limit) are possible.")
            }
            definition.retentionDays = settings.retentionDays
        }
        definition.status = settings.status ?? .active
        definition.userMetadata = settings.userMetadata
    }

    private func checkPartitionCount(_ count: Int) throws(AtomError) {
        let limit = tier?.maximumPartitions ?? EmulatorConfiguration.maximumPartitions
        guard (1...limit).contains(count) else {
            throw AtomError(400, "PartitionCount is \(count): 1 to \(limit) are possible.")
        }
    }

    // MARK: Consumer groups

    func createGroup(_ name: String, of hubName: String, userMetadata: String?) throws(AtomError) {
        let hub = try hub(hubName)
        guard EmulatorConfiguration.isName(name) else {
            throw AtomError(400, "'\(name)' is no name for a consumer group.")
        }
        var definition = hub.definition
        guard definition[group: name] == nil else { throw .alreadyExists(Self.path(name, of: hub)) }
        let limit = tier?.maximumConsumerGroups ?? Self.maximumEntities
        guard definition.groups.count < limit else {
            throw .quota("The event hub '\(hub.name)' has \(limit) consumer groups, which is the limit.")
        }
        definition.addGroup(name, at: namespace.now(), userMetadata: userMetadata)
        try redefine(hub, definition)
    }

    func updateGroup(_ name: String, of hubName: String, userMetadata: String?) throws(AtomError) {
        let hub = try hub(hubName)
        var definition = hub.definition
        guard var group = definition[group: name] else { throw .notFound(Self.path(name, of: hub)) }
        group.userMetadata = userMetadata
        group.updatedAt = namespace.now()
        definition[group: name] = group
        try redefine(hub, definition)
    }

    /// Removes a group; its receivers are detached.
    func removeGroup(_ name: String, of hubName: String) throws(AtomError) {
        let hub = try hub(hubName)
        let path = Self.path(name, of: hub)
        var definition = hub.definition
        guard let group = definition[group: name] else { throw .notFound(path) }
        guard group.name != EventHubLog.defaultConsumerGroup else {
            throw AtomError(400, "The consumer group '\(group.name)' cannot be deleted.")
        }
        definition[group: name] = nil
        try redefine(hub, definition)
        broker.detachLinks(because: .entityNotFound(path, in: namespace.name)) { feed in
            feed.hub === hub && feed.consumerGroup == group.name
        }
    }

    private func redefine(_ hub: EventHubLog, _ definition: HubDefinition) throws(AtomError) {
        do throws(EmulatorError) {
            try directory?.keep(definition)
        } catch {
            throw .notKept(error)
        }
        hub.redefine(definition)
    }

    private static func path(_ group: String, of hub: EventHubLog) -> String {
        "\(hub.name)/ConsumerGroups/\(group)"
    }
}
