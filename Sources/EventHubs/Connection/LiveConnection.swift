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

/// An open connection with what every client needs on it: a session for the control nodes, the authorizer of its `$cbs`
/// links, and `$management` once it is asked for.
///
/// Links keep the connection they live on. When nobody does any more, it closes.
final class LiveConnection: Sendable {
    let connection: AMQPConnection
    let authorizer: CBSAuthorizer
    private let controlSession: AMQPSession
    private let tokenLinks: RequestResponseLink
    private let requestTimeout: Duration
    private let closed = Atomic(false)
    private let management = Mutex<SingleFlight<RequestResponseLink>?>(nil)

    private init(
        connection: AMQPConnection,
        controlSession: AMQPSession,
        tokenLinks: RequestResponseLink,
        authorizer: CBSAuthorizer,
        requestTimeout: Duration
    ) {
        self.connection = connection
        self.controlSession = controlSession
        self.tokenLinks = tokenLinks
        self.authorizer = authorizer
        self.requestTimeout = requestTimeout
    }

    deinit { authorizer.stop() }

    /// Whether the client has closed the connection.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    /// Whether the connection can still be used.
    func isUsable() async -> Bool { await connection.end == nil }

    /// Connects and attaches the `$cbs` links.
    static func open(
        _ endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration,
        environment: ClientEnvironment
    ) async throws(EventHubsError) -> LiveConnection {
        do throws(AMQPError) {
            let connection = try await AMQPConnection.open(
                to: endpoint.amqpEndpoint,
                configuration: configuration.connectionConfiguration(for: endpoint)
            )
            do throws(AMQPError) {
                let session = try await connection.makeSession()
                let links = try await RequestResponseLink.open(on: session, node: TokenExchange.node)
                let timeout = configuration.retryPolicy.tryTimeout
                let authorizer = CBSAuthorizer(
                    credential: credential,
                    environment: environment,
                    logger: configuration.logger
                ) { audience, token throws(EventHubsError) in
                    let response: Message
                    do throws(AMQPError) {
                        response = try await links.request(
                            TokenExchange.request(token, for: audience),
                            timeout: timeout
                        )
                    } catch {
                        throw ErrorMapping.error(for: error)
                    }
                    try TokenExchange.check(response, for: audience)
                }
                return LiveConnection(
                    connection: connection,
                    controlSession: session,
                    tokenLinks: links,
                    authorizer: authorizer,
                    requestTimeout: timeout
                )
            } catch {
                await connection.close()
                throw error
            }
        } catch {
            throw ErrorMapping.error(for: error)
        }
    }

    /// Sends a request to `$management` and waits for its response.
    func manage(_ message: Message) async throws(EventHubsError) -> Message {
        let session = controlSession
        let flight = management.withLock { flight in
            if let flight, flight.result.map({ (try? $0.get()) != nil }) ?? true { return flight }
            let new = SingleFlight<RequestResponseLink> { () async throws(EventHubsError) in
                do throws(AMQPError) {
                    return try await RequestResponseLink.open(on: session, node: ManagementClient.node)
                } catch {
                    throw ErrorMapping.error(for: error)
                }
            }
            flight = new
            return new
        }
        let links = try await flight.value()
        do throws(AMQPError) {
            return try await links.request(message, timeout: requestTimeout)
        } catch {
            if error.scope != .delivery {
                management.withLock { if $0 === flight { $0 = nil } }
            }
            throw ErrorMapping.error(for: error)
        }
    }

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
