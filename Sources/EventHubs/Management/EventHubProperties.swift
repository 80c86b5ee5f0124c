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

/// What the service tells about an event hub.
public struct EventHubProperties: Sendable, Hashable {
    /// The event hub's name.
    public let name: String

    /// When it was created.
    public let createdAt: Timestamp

    /// Its partitions, in the service's order.
    public let partitionIDs: [PartitionID]

    /// How many copies geo-replication keeps, where the service says.
    public let georeplicationFactor: Int?

    package init(name: String, createdAt: Timestamp, partitionIDs: [PartitionID], georeplicationFactor: Int? = nil) {
        self.name = name
        self.createdAt = createdAt
        self.partitionIDs = partitionIDs
        self.georeplicationFactor = georeplicationFactor
    }
}
