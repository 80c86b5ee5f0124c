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

/// The nodes of an event hub, as link addresses and as audiences of tokens.
package enum EntityAddress: Sendable, Hashable {
    /// The hub: the service picks the partition of what is sent there.
    case eventHub(String)
    /// One partition, for sending.
    case partition(String, PartitionID)
    /// A consumer group: audience of its receivers.
    case consumerGroup(String, String)
    /// One partition seen by a consumer group, for receiving.
    case consumerPartition(String, String, PartitionID)
    /// Where properties are read.
    case management

    /// The node's address, for a link's source or target.
    package var path: String {
        switch self {
        case .eventHub(let hub): hub
        case .partition(let hub, let id): "\(hub)/Partitions/\(id)"
        case .consumerGroup(let hub, let group): "\(hub)/ConsumerGroups/\(group)"
        case .consumerPartition(let hub, let group, let id): "\(hub)/ConsumerGroups/\(group)/Partitions/\(id)"
        case .management: "$management"
        }
    }

    /// What a token for this node names.
    /// - Parameter authority: host of the namespace, with the port if the endpoint names one.
    /// - Returns: a URI.
    package func audience(at authority: String) -> String { "sb://\(authority)/\(path)" }
}
