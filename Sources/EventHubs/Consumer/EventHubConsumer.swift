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

public import ServiceLifecycle

/// Receives the events of an event hub for one consumer group.
public final class EventHubConsumer: Sendable {
    /// The consumer group.
    public let consumerGroup: String

    private let client: EventHubClient
    private let receivers = OpenReceivers()

    /// Where the event hub is.
    public var endpoint: EventHubsEndpoint { client.endpoint }

    /// How the client connects, tries again and logs.
    public var configuration: EventHubsConfiguration { client.configuration }

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
        self.consumerGroup = consumerGroup
        client = EventHubClient(endpoint, credential: credential, configuration: configuration)
    }

    /// A consumer on a connection that others use too. Closing the consumer leaves the connection open.
    /// - Parameters:
    ///   - connection: the connection.
    ///   - consumerGroup: the consumer group.
    public init(
        sharing connection: EventHubConnection,
        consumerGroup: String = EventHubConsumer.defaultConsumerGroup
    ) {
        self.consumerGroup = consumerGroup
        client = EventHubClient(sharing: connection.client)
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
        if let level = options.ownerLevel, level < 0 {
            throw EventHubsError(.invalidArgument, "An owner level is at least 0; this one is \(level).")
                .about(endpoint.eventHubName, id)
        }
        let policy = options.retryPolicy ?? configuration.retryPolicy
        let address = EntityAddress.consumerPartition(endpoint.eventHubName, consumerGroup, id)
        let audience = EntityAddress.consumerGroup(endpoint.eventHubName, consumerGroup)
        let (client, identifier) = (client, configuration.identifier)
        let start = try await resolve(position, of: id)
        let attach: PartitionReceiver.Attach = { position async throws(EventHubsError) in
            do throws(EventHubsError) {
                return try await client.withConnection(authorizedFor: audience, for: id) {
                    live async throws(EventHubsError) in
                    try await ReceiverLink.attach(
                        to: address,
                        from: position,
                        options: options,
                        identifier: identifier,
                        on: live
                    )
                }
            } catch {
                throw error.about(client.endpoint.eventHubName, id)
            }
        }
        let link = try await client.retrier(policy).run("opening partition \(id)") { () async throws(EventHubsError) in
            try await attach(start)
        }
        let receiver = PartitionReceiver(
            partitionID: id,
            eventHub: endpoint.eventHubName,
            link: link,
            position: start,
            recovery: LinkRecovery(policy, environment: client.environment),
            tracksLastEnqueued: options.tracksLastEnqueuedEvent,
            logger: configuration.logger,
            tracer: MessagingTracer(configuration, endpoint, partition: id, consumerGroup: consumerGroup),
            attach: attach
        )
        receivers.add(receiver)
        return receiver
    }

    /// Opens a partition, runs `body` with its events, and closes it, whatever comes of it.
    /// - Parameters:
    ///   - id: the partition.
    ///   - position: where to begin.
    ///   - options: how to receive.
    ///   - body: what to do with the events.
    /// - Returns: what `body` returns.
    /// - Throws: ``EventHubsError``, or what `body` throws.
    public func withPartition<Result>(
        _ id: PartitionID,
        from position: EventPosition,
        options: PartitionOptions = PartitionOptions(),
        _ body: (PartitionEvents) async throws -> Result
    ) async throws -> Result {
        let receiver = try await openPartition(id, from: position, options: options)
        do {
            let result = try await body(PartitionEvents(receiver))
            await receiver.close()
            return result
        } catch {
            await receiver.close()
            throw error
        }
    }

    /// What the service tells about the event hub.
    /// - Returns: name, partitions and when it was created.
    /// - Throws: ``EventHubsError``
    public func properties() async throws(EventHubsError) -> EventHubProperties { try await client.properties() }

    /// What the service tells about a partition.
    /// - Parameter id: the partition.
    /// - Returns: first and last event, as the service knows them now.
    /// - Throws: ``EventHubsError``
    public func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        try await client.properties(of: id)
    }

    /// What the service tells about all partitions, read side by side: how far each reaches, without a checkpoint or a
    /// receiver. See ``PartitionProperties/eventCount(after:)`` for the lag.
    /// - Returns: first and last event of each partition, in the service's order.
    /// - Throws: ``EventHubsError``
    public func partitionProperties() async throws(EventHubsError) -> [PartitionProperties] {
        try await client.partitionProperties()
    }

    /// How much the service has throttled this client.
    public var throttling: Throttling { client.throttling.throttling }

    /// Waits, by the client's clock.
    var sleep: @Sendable (Duration) async throws -> Void { client.environment.sleep }

    /// Closes all receivers and the connection, unless that is shared. Calling again does nothing.
    public func close() async {
        if client.ownsConnections { receivers.abandon() }
        await client.close()
        await receivers.close()
    }

    /// "Latest" has to be a place in the stream from the start: otherwise events that come while a lost link is attached
    /// again would be missed, as long as none has been received. A caller who may not read properties gets the service's
    /// own "latest".
    package func resolve(_ position: EventPosition, of id: PartitionID) async throws(EventHubsError) -> EventPosition {
        guard position == .latest else { return position }
        do throws(EventHubsError) {
            let properties = try await client.properties(of: id)
            return properties.lastEnqueuedSequenceNumber < 0 ? .earliest : .offset(properties.lastEnqueuedOffset)
        } catch {
            guard error.code == .unauthorized || error.code == .invalidResponse else { throw error }
            return position
        }
    }
}

extension EventHubConsumer: Service {
    /// Stays until the task is cancelled or the service group shuts down gracefully, then closes the client. The client
    /// works without it: this is for those who let a service group end it.
    /// - Throws: nothing but what waiting for the shutdown throws.
    public func run() async throws {
        await client.waitForShutdown()
        await close()
    }

    /// Makes a consumer, runs `body` with it, and closes it, whatever comes of it.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - consumerGroup: the consumer group.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - body: what to do with the consumer.
    /// - Returns: what `body` returns.
    /// - Throws: ``EventHubsError``, or what `body` throws.
    public static func withConsumer<Result>(
        connectionString: String,
        eventHubName: String? = nil,
        consumerGroup: String = EventHubConsumer.defaultConsumerGroup,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        _ body: (EventHubConsumer) async throws -> Result
    ) async throws -> Result {
        let consumer = try EventHubConsumer(
            connectionString: connectionString,
            eventHubName: eventHubName,
            consumerGroup: consumerGroup,
            configuration: configuration
        )
        do {
            let result = try await body(consumer)
            await consumer.close()
            return result
        } catch {
            await consumer.close()
            throw error
        }
    }
}
