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

/// Sends events to an event hub.
public final class EventHubProducer: Sendable {
    /// Where the event hub is.
    public let endpoint: EventHubsEndpoint

    /// How the client connects, tries again and logs.
    public let configuration: EventHubsConfiguration

    /// A producer from a connection string.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how the client connects, tries again and logs.
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

    /// A producer with a credential.
    /// - Parameters:
    ///   - endpoint: where the event hub is.
    ///   - credential: where tokens come from.
    ///   - configuration: how the client connects, tries again and logs.
    public init(
        endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration = EventHubsConfiguration()
    ) {
        self.endpoint = endpoint
        self.configuration = configuration
    }

    /// Closes the connection. Calling again does nothing.
    public func close() async {}
}
