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

/// A tier of the service, by what it allows.
public enum ServiceTier: String, Sendable, Hashable, CaseIterable {
    /// 10 hubs of 32 partitions, one consumer group, one day, 256 KiB, 100 connections.
    case basic
    /// 10 hubs of 32 partitions, 20 consumer groups, 7 days, 1 MiB, 5,000 connections.
    case standard
    /// 100 partitions and 100 consumer groups a hub, 90 days, 1 MiB, 10,000 connections.
    case premium
    /// 1,024 partitions and 1,000 consumer groups a hub, 90 days, 20 MiB, 100,000 connections.
    case dedicated

    /// How many hubs the namespace may have; nil: no matter how many.
    public var maximumHubs: Int? {
        switch self {
        case .basic, .standard: 10
        case .premium, .dedicated: nil
        }
    }

    /// How many partitions a hub may have.
    public var maximumPartitions: Int {
        switch self {
        case .basic, .standard: 32
        case .premium: 100
        case .dedicated: 1_024
        }
    }

    /// How many consumer groups a hub may have, `$Default` included.
    public var maximumConsumerGroups: Int {
        switch self {
        case .basic: 1
        case .standard: 20
        case .premium: 100
        case .dedicated: 1_000
        }
    }

    /// How many days a hub may keep its events.
    public var maximumRetentionDays: Int {
        switch self {
        case .basic: 1
        case .standard: 7
        case .premium, .dedicated: 90
        }
    }

    /// Whether a hub may be given more partitions than it was made with.
    public var allowsMorePartitions: Bool {
        switch self {
        case .basic, .standard: false
        case .premium, .dedicated: true
        }
    }

    /// The largest event or batch, in bytes.
    public var maximumMessageSize: Int {
        switch self {
        case .basic: 262_144
        case .standard, .premium: 1_048_576
        case .dedicated: 20 * 1_048_576
        }
    }

    /// How many AMQP connections may be open at once.
    public var maximumConnections: Int {
        switch self {
        case .basic: 100
        case .standard: 5_000
        case .premium: 10_000
        case .dedicated: 100_000
        }
    }
}

extension EmulatorConfiguration {
    /// Takes over the quotas of a tier: ``maximumMessageSize`` and ``maximumConnections``, ``retentionTime`` if it is longer, and with
    /// ``tier`` how many hubs, partitions and consumer groups there may be.
    public mutating func apply(_ tier: ServiceTier) {
        self.tier = tier
        maximumMessageSize = tier.maximumMessageSize
        maximumConnections = tier.maximumConnections
        retentionTime = min(retentionTime, .seconds(tier.maximumRetentionDays * 86_400))
    }

    func validateTier() throws(EmulatorError) {
        guard let tier else { return }
        if let limit = tier.maximumHubs, hubs.count > limit {
            throw EmulatorError(
                .invalidConfiguration,
                "there are \(hubs.count) event hubs: the tier '\(tier.rawValue)' allows \(limit)"
            )
        }
        for hub in hubs {
            if hub.partitionCount > tier.maximumPartitions {
                throw EmulatorError(
                    .invalidConfiguration,
                    "event hub '\(hub.name)' has \(hub.partitionCount) partitions: the tier '\(tier.rawValue)' allows "
                        + "\(tier.maximumPartitions)"
                )
            }
            let groups = Set((hub.consumerGroups + [EventHubLog.defaultConsumerGroup]).map { $0.lowercased() })
            if groups.count > tier.maximumConsumerGroups {
                throw EmulatorError(
                    .invalidConfiguration,
                    "event hub '\(hub.name)' has \(groups.count) consumer groups with $Default: the tier "
                        + "'\(tier.rawValue)' allows \(tier.maximumConsumerGroups)"
                )
            }
        }
    }
}
