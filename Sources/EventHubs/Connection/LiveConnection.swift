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

internal import Logging
internal import Synchronization

/// An open connection with what every client needs on it: the authorizer over its `$cbs` links, and `$management`.
///
/// Links keep the connection they live on. When nobody does any more, it closes.
final class LiveConnection: Sendable {
    let connection: AMQPConnection
    let authorizer: CBSAuthorizer
    private let management: ControlNode
    private let closed = Atomic(false)

    private init(connection: AMQPConnection, authorizer: CBSAuthorizer, management: ControlNode) {
        self.connection = connection
        self.authorizer = authorizer
        self.management = management
    }

    deinit { authorizer.stop() }

    /// Whether the client has closed the connection.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    /// Whether the connection can still be used.
    func isUsable() async -> Bool { await connection.end == nil }

    /// Connects.
    static func open(
        _ endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration,
        environment: ClientEnvironment
    ) async throws(EventHubsError) -> LiveConnection {
        let connection: AMQPConnection
        do throws(AMQPError) {
            connection = try await AMQPConnection.open(
                to: endpoint.amqpEndpoint(configuration.transport),
                configuration: configuration.connectionConfiguration(for: endpoint)
            )
        } catch {
            throw ErrorMapping.error(for: error)
        }
        let timeout = configuration.retryPolicy.tryTimeout
        let tokens = ControlNode(TokenExchange.node, on: connection, timeout: timeout)
        let authorizer = CBSAuthorizer(
            credential: credential,
            environment: environment,
            logger: configuration.logger
        ) { audience, token async throws(EventHubsError) in
            let response = try await tokens.request(TokenExchange.request(token, for: audience))
            try TokenExchange.check(response, for: audience)
        }
        return LiveConnection(
            connection: connection,
            authorizer: authorizer,
            management: ControlNode(ManagementClient.node, on: connection, timeout: timeout)
        )
    }

    /// Sends a request to `$management` and waits for its response.
    func manage(_ message: Message) async throws(EventHubsError) -> Message { try await management.request(message) }

    /// Runs `operation` with a token for `audience`; a refusal for want of authorisation is answered with a new token,
    /// once.
    func authorized<Value: Sendable>(
        for audience: String,
        _ operation: () async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        let generation = try await authorizer.authorize(audience)
        do throws(EventHubsError) {
            return try await operation()
        } catch  where error.retryAdvice == .afterAuthorization {
            try await authorizer.reauthorize(audience, after: generation)
            return try await operation()
        }
    }

    /// Closes the connection with everything on it.
    func close() async {
        closed.store(true, ordering: .releasing)
        authorizer.stop()
        await connection.close()
    }
}
