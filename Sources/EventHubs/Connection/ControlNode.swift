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

internal import Synchronization

/// Requests to a node of the service, `$cbs` or `$management`, over one pair of links in a session of its own: attached
/// when first needed, and again after the service has detached them (it does so with idle links).
final class ControlNode: Sendable {
    private struct Links {
        let session: AMQPSession
        let pair: RequestResponseLink
    }

    private let node: String
    private let connection: AMQPConnection
    private let timeout: Duration
    private let state = Mutex(State())

    private struct State {
        var flight: SingleFlight<Links>?
        /// The end of the pair before: the service takes one at a time.
        var ending: Task<Void, Never>?
    }

    init(_ node: String, on connection: AMQPConnection, timeout: Duration) {
        self.node = node
        self.connection = connection
        self.timeout = timeout
    }

    /// Sends `message` and waits for its response. Requests do no harm twice: one that finds its links gone is sent
    /// again over new ones.
    func request(_ message: Message) async throws(EventHubsError) -> Message {
        let (flight, isNew) = attached()
        do throws(EventHubsError) {
            return try await request(message, over: flight)
        } catch  where !isNew && error.recoveryScope == .link {
            return try await request(message, over: attached().flight)
        }
    }

    private func request(
        _ message: Message,
        over flight: SingleFlight<Links>
    ) async throws(EventHubsError) -> Message {
        let links: Links
        do throws(EventHubsError) {
            links = try await flight.value()
        } catch {
            if flight.result != nil { forget(flight) }
            throw error
        }
        do throws(AMQPError) {
            return try await links.pair.request(message, timeout: timeout)
        } catch {
            if error.scope != .delivery { forget(flight, ending: links.session) }
            throw ErrorMapping.error(for: error)
        }
    }

    /// The links, and whether they had to be asked for now.
    private func attached() -> (flight: SingleFlight<Links>, isNew: Bool) {
        let (node, connection) = (node, connection)
        return state.withLock { state in
            if let current = state.flight { return (current, false) }
            let ending = state.ending
            let new = SingleFlight<Links> { () async throws(EventHubsError) in
                await ending?.value
                do throws(AMQPError) {
                    let session = try await connection.makeSession()
                    do throws(AMQPError) {
                        return Links(
                            session: session,
                            pair: try await RequestResponseLink.open(on: session, node: node)
                        )
                    } catch {
                        await session.end()
                        throw error
                    }
                } catch {
                    throw ErrorMapping.error(for: error)
                }
            }
            state.flight = new
            return (new, true)
        }
    }

    /// Lets the next request attach anew, once `session` has ended; does nothing when another one has seen to it.
    private func forget(_ old: SingleFlight<Links>, ending session: AMQPSession? = nil) {
        state.withLock { state in
            guard state.flight === old else { return }
            state.flight = nil
            guard let session else { return }
            state.ending = Task { await Closing.bounded { await session.end() } }
        }
    }
}
