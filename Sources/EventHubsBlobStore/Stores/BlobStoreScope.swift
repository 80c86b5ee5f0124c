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
import EventHubsProcessor

/// Whose leases and checkpoints a store keeps: one consumer group of one event hub.
///
/// The names make the path of the blobs: `namespace/hub/group/ownership/partition` and `…/checkpoint/partition`, which the
/// processors of Microsoft's libraries use too, and `…/host/name`, which only hosts of this library read.
public struct BlobStoreScope: Sendable, Hashable {
    /// How names become paths.
    @nonexhaustive
    public enum Casing: Hashable, Sendable {
        /// Lower case, as the libraries for .NET, Java, JavaScript and Python have it.
        case lowercased
        /// As given, as the libraries for Go and Rust have it.
        case verbatim
    }

    /// The host of the namespace.
    public let fullyQualifiedNamespace: String
    /// The event hub.
    public let eventHub: String
    /// The consumer group.
    public let consumerGroup: String
    /// How names become paths.
    public let casing: Casing

    /// Makes a scope.
    public init(
        fullyQualifiedNamespace: String,
        eventHub: String,
        consumerGroup: String,
        casing: Casing = .lowercased
    ) {
        self.fullyQualifiedNamespace = fullyQualifiedNamespace
        self.eventHub = eventHub
        self.consumerGroup = consumerGroup
        self.casing = casing
    }

    /// The scope of what a consumer reads.
    public init(of consumer: EventHubConsumer, casing: Casing = .lowercased) {
        self.init(
            fullyQualifiedNamespace: consumer.endpoint.authority,
            eventHub: consumer.endpoint.eventHubName,
            consumerGroup: consumer.consumerGroup,
            casing: casing
        )
    }

    enum Kind: String {
        case ownership
        case checkpoint
        case host
    }

    /// What the names of all blobs of the kind begin with.
    func prefix(of kind: Kind) -> String {
        cased("\(fullyQualifiedNamespace)/\(eventHub)/\(consumerGroup)/\(kind.rawValue)/")
    }

    /// The name of a partition's blob.
    func name(of kind: Kind, _ partition: PartitionID) -> String {
        prefix(of: kind) + cased(partition.rawValue)
    }

    /// The name of a host's blob. Hosts' names keep their case, and what would make a path of its own is written as `%XX`.
    func name(of host: HostID) -> String {
        prefix(of: .host) + host.rawValue.percentEncoded(keeping: "").replacing(".", with: "%2E")
    }

    /// The partition's id as it stands in the path.
    func cased(_ text: String) -> String {
        casing == .lowercased ? text.lowercased() : text
    }
}
