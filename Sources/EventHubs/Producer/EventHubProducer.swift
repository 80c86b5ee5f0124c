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

/// Sends events to an event hub.
public final class EventHubProducer: Sendable {
    private let client: EventHubClient
    private let links: SenderLinks
    private let isIdempotent: Bool

    /// Where the event hub is.
    public var endpoint: EventHubsEndpoint { client.endpoint }

    /// How the client connects, tries again and logs.
    public var configuration: EventHubsConfiguration { client.configuration }

    /// A producer from a connection string.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - idempotent: makes the service write batches that are sent again once; nil for ordinary publishing.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString``.
    public convenience init(
        connectionString: String,
        eventHubName: String? = nil,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        idempotent: IdempotentPublishing? = nil
    ) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        self.init(
            endpoint: try EventHubsEndpoint(parsed, eventHubName: eventHubName),
            credential: try parsed.credential(),
            configuration: configuration,
            idempotent: idempotent
        )
    }

    /// A producer with a credential.
    /// - Parameters:
    ///   - endpoint: where the event hub is.
    ///   - credential: where tokens come from.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - idempotent: makes the service write batches that are sent again once; nil for ordinary publishing.
    public init(
        endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        idempotent: IdempotentPublishing? = nil
    ) {
        client = EventHubClient(endpoint, credential: credential, configuration: configuration)
        links = SenderLinks(client, idempotent: idempotent)
        isIdempotent = idempotent != nil
    }

    /// A producer on a connection that others use too. Closing the producer leaves the connection open.
    /// - Parameters:
    ///   - connection: the connection.
    ///   - idempotent: makes the service write batches that are sent again once; nil for ordinary publishing.
    public init(sharing connection: EventHubConnection, idempotent: IdempotentPublishing? = nil) {
        client = EventHubClient(sharing: connection.client)
        links = SenderLinks(client, idempotent: idempotent)
        isIdempotent = idempotent != nil
    }

    /// An empty batch that knows how much the service takes.
    /// - Parameters:
    ///   - target: where the batch goes.
    ///   - maximumSize: how many bytes it may have; nil means 1 MiB. Never more than the service takes.
    /// - Returns: the batch.
    /// - Throws: ``EventHubsError``
    public func makeBatch(
        _ target: PartitionTarget = .automatic,
        maximumSize: Int? = nil
    ) async throws(EventHubsError) -> EventDataBatch {
        try validate(target)
        let limit = try await link(for: target).maximumMessageSize
        let size = min(max(maximumSize ?? EventDataBatch.defaultMaximumSize, 0), limit)
        let envelope = isIdempotent ? PublishingState.maximumEnvelopeSize : 0
        return EventDataBatch(
            target,
            maximumSize: max(size - envelope, 0),
            tracer: MessagingTracer(configuration, endpoint, partition: target.partition)
        )
    }

    /// Sends a batch and waits until the service has it safe. An empty batch is not sent.
    ///
    /// A failed attempt is made again as the retry policy says. When the outcome of an attempt got lost with its link, the
    /// events may be there twice in the end. When the calling task is cancelled, they may be there or not.
    /// - Parameter batch: the events.
    /// - Throws: ``EventHubsError``
    public func send(_ batch: EventDataBatch) async throws(EventHubsError) {
        guard !batch.isEmpty else { return }
        try validate(batch.target)
        guard let tracer = batch.tracer else { return try await publish(batch) }
        try await tracer.sending(batch.contexts, count: batch.count) { () async throws(EventHubsError) in
            try await publish(batch)
        }
    }

    /// Sends events, in as few batches as they need, one after the other: when it throws, the first ones may have been
    /// sent.
    /// - Parameters:
    ///   - events: the events, in their order.
    ///   - target: where they go.
    /// - Throws: ``EventHubsError``; code ``EventHubsError/Code/messageTooLarge`` before anything is sent when one event
    ///   alone is too large.
    public func send(
        _ events: some Collection<EventData> & Sendable,
        to target: PartitionTarget = .automatic
    ) async throws(EventHubsError) {
        guard !events.isEmpty else { return }
        var batch = try await makeBatch(target)
        var full: [EventDataBatch] = []
        for event in events where !batch.tryAdd(event) {
            if !batch.isEmpty { full.append(batch) }
            batch.removeAll()
            guard batch.tryAdd(event) else {
                throw EventHubsError(
                    .messageTooLarge,
                    "An event does not fit the largest batch of \(batch.maximumSize) bytes.",
                    eventHub: endpoint.eventHubName,
                    partition: target.partition
                )
            }
        }
        full.append(batch)
        for batch in full { try await send(batch) }
    }

    /// What an idempotent producer is known to have written, by partition, in those that were used: save it to go on from
    /// there. Empty for an ordinary producer.
    public var publishingStates: [PartitionID: PublishingState] { links.publishingStates }

    /// What the service knows of this idempotent producer in a partition. After a restart it tells how much of what was
    /// sent last has been written.
    /// - Parameter id: the partition.
    /// - Returns: the producer's name, level and the number of its last event.
    /// - Throws: ``EventHubsError``; code ``EventHubsError/Code/notAllowed`` for an ordinary producer.
    public func publishingState(of id: PartitionID) async throws(EventHubsError) -> PublishingState {
        guard let lane = links.lane(for: id) else {
            throw EventHubsError(.notAllowed, "The producer does not publish idempotently.").about(
                endpoint.eventHubName,
                id
            )
        }
        lane.attached(try await link(for: .partition(id)))
        return lane.known
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

    /// Closes the connection, or on a shared one the links; what waits to be sent fails with
    /// ``EventHubsError/Code/closed``. Calling again does nothing.
    public func close() async {
        await client.close()
        if !client.ownsConnections { await links.close() }
    }

    private func validate(_ target: PartitionTarget) throws(EventHubsError) {
        do throws(EventHubsError) {
            try target.validate()
            guard !isIdempotent || target.partition != nil else {
                throw EventHubsError(.invalidArgument, "An idempotent producer sends to partitions by name.")
            }
        } catch {
            throw error.about(endpoint.eventHubName)
        }
    }

    private func publish(_ batch: EventDataBatch) async throws(EventHubsError) {
        guard let lane = links.lane(for: batch.target.partition) else { return try await transmit(batch) }
        try await links.publish(batch, in: lane) { () async throws(EventHubsError) in try await transmit(batch) }
    }

    private func transmit(_ batch: EventDataBatch) async throws(EventHubsError) {
        do throws(EventHubsError) {
            try await client.retrier(configuration.retryPolicy).run("sending") { deadline throws(EventHubsError) in
                try await links.send(batch, by: deadline)
            }
        } catch {
            throw error.about(endpoint.eventHubName, batch.target.partition)
        }
    }

    /// The link to `target`, opened if it is not there.
    private func link(for target: PartitionTarget) async throws(EventHubsError) -> SenderLink {
        if let link = links.openLink(for: target.partition) { return link }
        let links = links
        do throws(EventHubsError) {
            return try await client.retrier(configuration.retryPolicy).run("opening a sender") {
                () async throws(EventHubsError) in try await links.link(for: target.partition)
            }
        } catch {
            throw error.about(endpoint.eventHubName, target.partition)
        }
    }
}

extension EventHubProducer: Service {
    /// Stays until the task is cancelled or the service group shuts down gracefully, then closes the client. The client
    /// works without it: this is for those who let a service group end it.
    /// - Throws: nothing but what waiting for the shutdown throws.
    public func run() async throws {
        await client.waitForShutdown()
        await close()
    }

    /// Makes a producer, runs `body` with it, and closes it, whatever comes of it.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - body: what to do with the producer.
    /// - Returns: what `body` returns.
    /// - Throws: ``EventHubsError``, or what `body` throws.
    public static func withProducer<Result>(
        connectionString: String,
        eventHubName: String? = nil,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        _ body: (EventHubProducer) async throws -> Result
    ) async throws -> Result {
        let producer = try EventHubProducer(
            connectionString: connectionString,
            eventHubName: eventHubName,
            configuration: configuration
        )
        do {
            let result = try await body(producer)
            await producer.close()
            return result
        } catch {
            await producer.close()
            throw error
        }
    }
}
