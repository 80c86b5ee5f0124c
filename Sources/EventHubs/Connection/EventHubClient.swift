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

internal import ServiceLifecycle
internal import Synchronization

/// What producer and consumer are made of: the shared connection, authorisation, properties, retrying.
final class EventHubClient: Sendable {
    let environment: ClientEnvironment
    let throttling: ThrottlingMeter
    private let holders: ConnectionHolders
    /// Whether the connections end with this client: they do unless somebody else's are used.
    let ownsConnections: Bool
    private let closed = Atomic(false)

    init(
        _ endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration,
        environment: ClientEnvironment = .system
    ) {
        self.environment = environment
        throttling = ThrottlingMeter(configuration.onThrottling)
        ownsConnections = true
        holders = ConnectionHolders(
            endpoint,
            credential: credential,
            configuration: configuration,
            environment: environment
        )
    }

    /// A client on the connections of another.
    init(sharing other: EventHubClient) {
        environment = other.environment
        throttling = ThrottlingMeter(other.configuration.onThrottling)
        holders = other.holders
        ownsConnections = false
    }

    var endpoint: EventHubsEndpoint { holders.endpoint }
    var configuration: EventHubsConfiguration { holders.configuration }

    /// Whether ``close()`` has been called, here or where the connections belong to.
    var isClosed: Bool { closed.load(ordering: .acquiring) || holders.isClosed }

    /// Runs operations under `policy`.
    func retrier(_ policy: RetryPolicy) -> Retrier {
        Retrier(policy, environment: environment, logger: configuration.logger, throttling: throttling)
    }

    /// Runs `operation` on the connection for `partition` with a token for `audience`. One attempt. A failure that asks for
    /// a new connection gives the next attempt one.
    func withConnection<Value: Sendable>(
        authorizedFor audience: EntityAddress,
        for partition: PartitionID? = nil,
        _ operation: (LiveConnection) async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        if isClosed { throw .closed }
        let live = try await holders.holder(for: partition).live()
        do throws(EventHubsError) {
            return try await live.authorized(for: audience.audience(at: endpoint.authority)) {
                () async throws(EventHubsError) in try await operation(live)
            }
        } catch {
            failed(on: live, error)
            throw isClosed ? .closed : error
        }
    }

    /// Notes a failure on `live`: when it asks for a new connection, nothing new is begun on this one.
    func failed(on live: LiveConnection, _ error: EventHubsError) {
        if error.recoveryScope == .connection, error.isTransient { holders.retire(live) }
    }

    func properties() async throws(EventHubsError) -> EventHubProperties {
        try await managing("reading the event hub's properties", nil) { client async throws(EventHubsError) in
            try await client.properties()
        }
    }

    func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        try await managing("reading the properties of partition \(id)", id) { client async throws(EventHubsError) in
            try await client.properties(of: id)
        }
    }

    /// The properties of all partitions, in the service's order; some are read at a time.
    func partitionProperties() async throws(EventHubsError) -> [PartitionProperties] {
        let ids = try await properties().partitionIDs
        typealias Read = (index: Int, result: Result<PartitionProperties, EventHubsError>)
        var results: [Result<PartitionProperties, EventHubsError>?] = Array(repeating: nil, count: ids.count)
        await withTaskGroup(of: Read.self) { group in
            var next = ids.indices.makeIterator()
            func readNext() {
                guard let index = next.next() else { return }
                group.addTask {
                    do throws(EventHubsError) {
                        return (index, .success(try await self.properties(of: ids[index])))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.concurrentReads { readNext() }
            for await read in group {
                results[read.index] = read.result
                if case .success = read.result { readNext() }
            }
        }
        var properties: [PartitionProperties] = []
        for case let result? in results { properties.append(try result.get()) }
        return properties
    }

    /// How many properties are asked for at once: the service answers 50 such questions a second.
    private static let concurrentReads = 16

    /// Waits for cancellation or graceful shutdown.
    func waitForShutdown() async { try? await gracefulShutdown() }

    /// Closes the connections, unless they are somebody else's. Nothing can be opened by this client any more.
    func close() async {
        closed.store(true, ordering: .releasing)
        if ownsConnections { await holders.close() }
    }

    private func managing<Value: Sendable>(
        _ name: String,
        _ partition: PartitionID?,
        _ operation: @escaping @Sendable (ManagementClient) async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        let hub = EntityAddress.eventHub(endpoint.eventHubName)
        let audience = hub.audience(at: endpoint.authority)
        do throws(EventHubsError) {
            return try await retrier(configuration.retryPolicy).run(name) { [self] () async throws(EventHubsError) in
                try await withConnection(authorizedFor: hub) { live async throws(EventHubsError) in
                    let client = ManagementClient(
                        eventHub: endpoint.eventHubName,
                        token: { live.authorizer.currentToken(for: audience) },
                        request: { message async throws(EventHubsError) in try await live.manage(message) }
                    )
                    return try await operation(client)
                }
            }
        } catch {
            throw error.about(endpoint.eventHubName, partition)
        }
    }
}
