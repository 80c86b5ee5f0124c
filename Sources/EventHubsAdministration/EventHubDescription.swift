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

public import EventHubs

/// An event hub as the service describes it.
public struct EventHubDescription: Sendable, Hashable {
    /// The event hub's name.
    public let name: String
    /// How many days events are kept.
    public let messageRetentionInDays: Int
    /// Whether events are taken and given out.
    public let status: EventHubStatus
    /// Words of its makers about it.
    public let userMetadata: String?
    /// When it was created; nil where the service does not say.
    public let createdAt: Timestamp?
    /// When it was changed last; nil where the service does not say.
    public let updatedAt: Timestamp?
    /// Its partitions, in the service's order.
    public let partitionIDs: [PartitionID]
}

/// Whether an event hub takes events and gives them out. The service may have more states than those named here.
public struct EventHubStatus: RawRepresentable, Sendable, Hashable {
    /// The service's word.
    public let rawValue: String

    /// A state, by the service's word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// In use.
    public static let active = EventHubStatus(rawValue: "Active")
    /// Neither takes events nor gives them out.
    public static let disabled = EventHubStatus(rawValue: "Disabled")
    /// Gives events out, and takes none.
    public static let sendDisabled = EventHubStatus(rawValue: "SendDisabled")
    /// Takes events, and gives none out.
    public static let receiveDisabled = EventHubStatus(rawValue: "ReceiveDisabled")
}

/// What an event hub is created with. What is nil is for the service to choose.
public struct EventHubSettings: Sendable, Hashable {
    /// How many partitions; it cannot be changed afterwards, but in some tiers of the service raised.
    public var partitionCount: Int?
    /// How many days events are kept.
    public var messageRetentionInDays: Int?
    /// Whether events are taken and given out.
    public var status: EventHubStatus?
    /// Words of its makers about it.
    public var userMetadata: String?

    /// Settings.
    public init(
        partitionCount: Int? = nil,
        messageRetentionInDays: Int? = nil,
        status: EventHubStatus? = nil,
        userMetadata: String? = nil
    ) {
        self.partitionCount = partitionCount
        self.messageRetentionInDays = messageRetentionInDays
        self.status = status
        self.userMetadata = userMetadata
    }
}

/// A consumer group as the service describes it.
public struct ConsumerGroupDescription: Sendable, Hashable {
    /// The group's name.
    public let name: String
    /// Words of its makers about it.
    public let userMetadata: String?
    /// When it was created; nil where the service does not say.
    public let createdAt: Timestamp?
    /// When it was changed last; nil where the service does not say.
    public let updatedAt: Timestamp?
}
