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

/// A connection to the service that several producers and consumers of an event hub share: what each of them would
/// otherwise open for itself. It is opened when it is first needed, and again after it has been lost.
///
/// Close it last: the clients on it end with it.
public final class EventHubConnection: Sendable {
    let client: EventHubClient

    /// Where the event hub is.
    public var endpoint: EventHubsEndpoint { client.endpoint }

    /// How the clients on the connection connect, try again and log.
    public var configuration: EventHubsConfiguration { client.configuration }

    /// A connection from a connection string.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how its clients connect, try again and log.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString``.
    public convenience init(
        connectionString: String,
        eventHubName: String? = nil,
        configuration: EventHubsConfiguration = EventHubsConfiguration()
    ) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        self.init(
            endpoint: try EventHubsEndpoint(parsed, eventHubName: eventHubName),
            credential: try parsed.credential(),
            configuration: configuration
        )
    }

    /// A connection with a credential.
    /// - Parameters:
    ///   - endpoint: where the event hub is.
    ///   - credential: where tokens come from.
    ///   - configuration: how its clients connect, try again and log.
    public init(
        endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration = EventHubsConfiguration()
    ) {
        client = EventHubClient(endpoint, credential: credential, configuration: configuration)
    }

    /// Closes the connection; the clients on it fail with ``EventHubsError/Code/closed`` from then on. Calling again does
    /// nothing.
    public func close() async { await client.close() }
}
