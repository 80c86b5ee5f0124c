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

/// Receives the events of an event hub for one consumer group.
public final class EventHubConsumer: Sendable {
    /// Where the event hub is.
    public let endpoint: EventHubsEndpoint

    /// The consumer group.
    public let consumerGroup: String

    /// How the client connects, tries again and logs.
    public let configuration: EventHubsConfiguration

    /// A consumer from a connection string.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - consumerGroup: the consumer group.
    ///   - configuration: how the client connects, tries again and logs.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString``.
    public convenience init(
        connectionString: String,
        eventHubName: String? = nil,
        consumerGroup: String = EventHubConsumer.defaultConsumerGroup,
        configuration: EventHubsConfiguration = EventHubsConfiguration()
    ) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        self.init(
            endpoint: try EventHubsEndpoint(parsed, eventHubName: eventHubName),
            credential: try parsed.credential(),
            consumerGroup: consumerGroup,
            configuration: configuration
        )
    }

    /// A consumer with a credential.
    /// - Parameters:
    ///   - endpoint: where the event hub is.
    ///   - credential: where tokens come from.
    ///   - consumerGroup: the consumer group.
    ///   - configuration: how the client connects, tries again and logs.
    public init(
        endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        consumerGroup: String = EventHubConsumer.defaultConsumerGroup,
        configuration: EventHubsConfiguration = EventHubsConfiguration()
    ) {
        self.endpoint = endpoint
        self.consumerGroup = consumerGroup
        self.configuration = configuration
    }

    /// The consumer group that every event hub has.
    public static let defaultConsumerGroup = "$Default"

    /// Opens a partition. The caller closes the receiver.
    /// - Parameters:
    ///   - id: the partition.
    ///   - position: where to begin.
    ///   - options: how to receive.
    /// - Returns: the receiver, attached.
    /// - Throws: ``EventHubsError``
    public func openPartition(
        _ id: PartitionID,
        from position: EventPosition,
        options: PartitionOptions = PartitionOptions()
    ) async throws(EventHubsError) -> PartitionReceiver {
        PartitionReceiver(partitionID: id)
    }

    /// What the service tells about the event hub.
    /// - Throws: ``EventHubsError``
    public func properties() async throws(EventHubsError) -> EventHubProperties {
        throw EventHubsError(.notImplemented, "not yet")
    }

    /// What the service tells about a partition.
    /// - Parameter id: the partition.
    /// - Returns: first and last event, as the service knows them now.
    /// - Throws: ``EventHubsError``
    public func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        throw EventHubsError(.notImplemented, "not yet")
    }

    /// Closes all receivers and the connection. Calling again does nothing.
    public func close() async {}
}
