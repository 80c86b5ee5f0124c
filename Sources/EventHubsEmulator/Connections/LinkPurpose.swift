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

import AMQPCodec
import AMQPEngine

/// What a link that a client wants to attach is for.
enum LinkPurpose {
    /// The client sends events.
    case sending(EventDestination)
    /// The client receives the events of a partition.
    case receiving(EventOrigin)
    /// The client sends requests to a node.
    case requesting(ServiceNode)
    /// The client receives the replies of a node.
    case replying(ServiceNode, replyAddress: String?)
}

/// A node that answers requests.
enum ServiceNode: Equatable, Sendable {
    case claimsBasedSecurity
    case management
}

/// Where a sender's events go.
struct EventDestination: Sendable {
    var hub: EventHubLog
    /// The partition that the address names, or nil when the service chooses.
    var partition: PartitionLog?
    var publisher: String?
    /// What an idempotent producer says about itself; nil for others.
    var producer: ProducerSequences.Claim?

    /// Finds what an address names.
    init(
        hub name: String,
        partition id: String? = nil,
        publisher: String? = nil,
        in namespace: Namespace
    ) throws(ServiceError) {
        guard let hub = namespace.hub(name) else { throw .entityNotFound(name, in: namespace.name) }
        guard hub.definition.status.takesEvents else { throw .entityDisabled(hub.name, in: namespace.name) }
        self.hub = hub
        self.publisher = publisher
        guard let id else { return }
        guard let partition = hub.partition(id) else {
            throw .partitionOutOfRange(partitionCount: hub.partitions.count)
        }
        self.partition = partition
    }
}

/// Where a receiver's events come from.
struct EventOrigin: Sendable {
    var hub: EventHubLog
    var group: String
    var partition: PartitionLog
    var cursor: PartitionLog.Cursor
    var name: String?
    var ownerLevel: Int64?
    var wantsRuntimeMetrics: Bool
}

extension LinkPurpose {
    /// The longest receiver name that is taken.
    private static let maximumNameLength = 256

    /// Works out what an attach is for, and whether it is allowed.
    init(_ attach: Attach, broker: Broker, grants: AccessGrants) throws(ServiceError) {
        let clientSends = attach.role == .sender
        guard attach.unknownTarget == nil else {
            throw ServiceError(.notImplemented, "Transactions are not supported.")
        }
        guard let text = attach.entity else {
            throw ServiceError(.argumentError, "The link names no entity.")
        }
        let path = EntityPath(address: text)
        let address = EntityAddress(path)
        switch (address, clientSends) {
        case (.claimsBasedSecurity, true):
            self = .requesting(.claimsBasedSecurity)
        case (.claimsBasedSecurity, false):
            self = .replying(.claimsBasedSecurity, replyAddress: attach.target?.address)
        case (.management, true):
            self = .requesting(.management)
        case (.management, false):
            self = .replying(.management, replyAddress: attach.target?.address)
        case (.hub(let hub), true):
            var destination = try Self.destination(path, hub: hub, broker: broker, grants: grants)
            destination.producer = Self.producer(attach)
            self = .sending(destination)
        case (.partition(let hub, let id), true):
            var destination = try Self.destination(path, hub: hub, partition: id, broker: broker, grants: grants)
            destination.producer = Self.producer(attach)
            self = .sending(destination)
        case (.publisher(let hub, let name), true):
            self = .sending(try Self.destination(path, hub: hub, publisher: name, broker: broker, grants: grants))
        case (.consumerGroupPartition(let hub, let group, let id), false):
            try Self.authorize(.listen, on: path, broker: broker, grants: grants)
            self = .receiving(try Self.origin(attach, path, hub: hub, group: group, partition: id, broker: broker))
        case (.hub, false), (.partition, false), (.publisher, false), (.consumerGroupPartition, true), (.unknown, _):
            try Self.authorize(clientSends ? .send : .listen, on: path, broker: broker, grants: grants)
            throw .entityNotFound(path.segments.joined(separator: "/"), in: broker.namespace.name)
        }
    }

    private static func destination(
        _ path: EntityPath,
        hub: String,
        partition: String? = nil,
        publisher: String? = nil,
        broker: Broker,
        grants: AccessGrants
    ) throws(ServiceError) -> EventDestination {
        try authorize(.send, on: path, broker: broker, grants: grants)
        return try EventDestination(hub: hub, partition: partition, publisher: publisher, in: broker.namespace)
    }

    private static func producer(_ attach: Attach) -> ProducerSequences.Claim? {
        guard attach.desiredCapabilities.contains("com.microsoft:idempotent-producer") else { return nil }
        func number(_ key: Symbol) -> Int64? { attach.properties?[symbol: key]?.integerValue }
        return ProducerSequences.Claim(
            id: number("com.microsoft:producer-id"),
            epoch: number("com.microsoft:producer-epoch").flatMap { Int16(exactly: $0) },
            sequenceNumber: number("com.microsoft:producer-sequence-number").flatMap { Int32(exactly: $0) }
        )
    }

    private static func origin(
        _ attach: Attach,
        _ path: EntityPath,
        hub name: String,
        group: String,
        partition id: String,
        broker: Broker
    ) throws(ServiceError) -> EventOrigin {
        guard let hub = broker.namespace.hub(name) else { throw .entityNotFound(name, in: broker.namespace.name) }
        guard hub.definition.status.givesEvents else { throw .entityDisabled(hub.name, in: broker.namespace.name) }
        guard let group = hub.consumerGroup(group) else {
            throw .entityNotFound(path.segments.prefix(3).joined(separator: "/"), in: broker.namespace.name)
        }
        guard let partition = hub.partition(id) else {
            throw .partitionOutOfRange(partitionCount: hub.partitions.count)
        }
        let properties = attach.properties
        let receiverName = properties?[symbol: "com.microsoft:receiver-name"]?.textValue
        return EventOrigin(
            hub: hub,
            group: group,
            partition: partition,
            cursor: try partition.cursor(for: PositionSelector(filter: attach.source?.filter)),
            name: receiverName.map { String($0.prefix(maximumNameLength)) },
            ownerLevel: properties?[symbol: "com.microsoft:epoch"]?.integerValue,
            wantsRuntimeMetrics: attach.desiredCapabilities.contains(
                "com.microsoft:enable-receiver-runtime-metric"
            )
        )
    }

    private static func authorize(
        _ rights: AccessRights,
        on path: EntityPath,
        broker: Broker,
        grants: AccessGrants
    ) throws(ServiceError) {
        guard !grants.allows(anyOf: rights, on: path, at: broker.namespace.now()) else { return }
        throw unauthorized(rights, on: path, broker: broker)
    }

    /// The text for a claim that is missing.
    static func unauthorized(_ rights: AccessRights, on path: EntityPath, broker: Broker) -> ServiceError {
        ServiceError(
            .unauthorizedAccess,
            "Unauthorized access. '\(rights.claim)' claim(s) are required to perform this operation. "
                + "Resource: 'sb://\(broker.namespace.name)/\(path.segments.joined(separator: "/"))'."
        )
    }

    private var hub: EventHubLog? {
        switch self {
        case .sending(let destination): destination.hub
        case .receiving(let origin): origin.hub
        case .requesting, .replying: nil
        }
    }

    /// The service's answer to an attach: the termini echoed, events always settled by the sender.
    func acceptance(of attach: Attach, maximumMessageSize limit: UInt64) -> LinkAcceptance {
        var acceptance = LinkAcceptance()
        acceptance.source = attach.source ?? Source()
        acceptance.target = attach.target ?? Target()
        acceptance.senderSettleMode = attach.sndSettleMode
        acceptance.receiverSettleMode = attach.rcvSettleMode
        let asked = attach.maxMessageSize ?? 0
        let geoReplication: Symbol = "com.microsoft:georeplication"
        if hub?.isGeoReplicated == true, attach.desiredCapabilities.contains(geoReplication) {
            acceptance.offeredCapabilities = [geoReplication]
        }
        switch self {
        case .sending:
            acceptance.maxMessageSize = asked == 0 ? limit : min(asked, limit)
        case .receiving:
            acceptance.senderSettleMode = .settled
            acceptance.maxMessageSize = asked == 0 ? limit : min(asked, limit)
        case .requesting, .replying:
            acceptance.maxMessageSize = asked == 0 ? .max : asked
        }
        return acceptance
    }
}
