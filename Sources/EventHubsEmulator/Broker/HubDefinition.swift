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

/// What the administration of the namespace says of an event hub, in the form in which a data directory keeps it.
struct HubDefinition: Codable, Equatable, Sendable {
    struct Group: Codable, Equatable, Sendable {
        var name: String
        /// Milliseconds since 1970
        var createdAt: Int64
        var updatedAt: Int64
        var userMetadata: String?
    }

    var name: String
    var partitionCount: Int
    /// How many days events are kept; nil: as long as the emulator is configured to.
    var retentionDays: Int?
    var status = HubStatus.active
    var userMetadata: String?
    /// Milliseconds since 1970
    var createdAt: Int64
    var updatedAt: Int64
    /// By the name in lower case.
    private(set) var groups: [String: Group] = [:]

    /// A new hub with no group but the one that every hub has.
    init(name: String, partitionCount: Int, createdAt: Int64) {
        self.name = name
        self.partitionCount = partitionCount
        self.createdAt = createdAt
        updatedAt = createdAt
        addGroup(EventHubLog.defaultConsumerGroup, at: createdAt)
    }

    /// The group of this name in any case.
    subscript(group name: String) -> Group? {
        get { groups[name.lowercased()] }
        set { groups[name.lowercased()] = newValue }
    }

    /// Adds a group, unless there is one of that name.
    mutating func addGroup(_ name: String, at time: Int64, userMetadata: String? = nil) {
        guard self[group: name] == nil else { return }
        self[group: name] = Group(name: name, createdAt: time, updatedAt: time, userMetadata: userMetadata)
    }

    /// Adds what a configuration wants the hub to have. It takes nothing away.
    mutating func add(_ configured: EmulatorConfiguration.Hub) {
        partitionCount = max(partitionCount, configured.partitionCount)
        for group in configured.consumerGroups { addGroup(group, at: createdAt) }
    }
}

/// Whether a hub takes events and gives them out, by the service's words.
enum HubStatus: String, Codable, Sendable {
    case active = "Active"
    case disabled = "Disabled"
    case sendDisabled = "SendDisabled"
    case receiveDisabled = "ReceiveDisabled"

    var takesEvents: Bool { self == .active || self == .receiveDisabled }
    var givesEvents: Bool { self == .active || self == .sendDisabled }
}
