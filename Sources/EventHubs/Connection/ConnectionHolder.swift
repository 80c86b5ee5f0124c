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

/// A connection that a client shares among its links: opened when it is first needed, and again after it has been lost.
final class ConnectionHolder: Sendable {
    let endpoint: EventHubsEndpoint
    let configuration: EventHubsConfiguration
    let environment: ClientEnvironment
    private let credential: any TokenCredential
    private let state = Mutex(State.idle)

    private enum State {
        case idle
        case opening(SingleFlight<LiveConnection>)
        case open(LiveConnection)
        case closed
    }

    private enum Step {
        case check(LiveConnection)
        case wait(SingleFlight<LiveConnection>)
        case refuse
    }

    init(
        _ endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration,
        environment: ClientEnvironment
    ) {
        self.endpoint = endpoint
        self.credential = credential
        self.configuration = configuration
        self.environment = environment
    }

    /// Whether ``close()`` has been called.
    var isClosed: Bool { state.withLock { if case .closed = $0 { true } else { false } } }

    /// The connection, usable when it was looked at. One attempt; retrying is the caller's affair.
    func live() async throws(EventHubsError) -> LiveConnection {
        let step = state.withLock { state -> Step in
            switch state {
            case .closed: return .refuse
            case .open(let live): return .check(live)
            case .opening(let flight): return .wait(flight)
            case .idle:
                let (endpoint, credential, configuration, environment) = (
                    endpoint, credential, configuration, environment
                )
                let flight = SingleFlight<LiveConnection> { () async throws(EventHubsError) in
                    try await LiveConnection.open(
                        endpoint,
                        credential: credential,
                        configuration: configuration,
                        environment: environment
                    )
                }
                state = .opening(flight)
                return .wait(flight)
            }
        }
        switch step {
        case .refuse: throw .closed
        case .wait(let flight): return try await finish(flight)
        case .check(let live):
            if await live.isUsable() { return live }
            retire(live)
            return try await self.live()
        }
    }

    /// No new link is made on `live` any more: something on it failed that asks for a new connection. Links that live on
    /// it stay as long as they can.
    func retire(_ live: LiveConnection) {
        state.withLock { state in
            if case .open(let current) = state, current === live { state = .idle }
        }
    }

    /// Closes the connection; nothing can be opened any more.
    func close() async {
        let old = state.withLock { state in
            defer { state = .closed }
            return state
        }
        switch old {
        case .open(let live):
            await live.close()
        case .opening(let flight):
            flight.cancel()
            if let live = try? await flight.value() { await live.close() }
        case .idle, .closed:
            break
        }
    }

    private func finish(_ flight: SingleFlight<LiveConnection>) async throws(EventHubsError) -> LiveConnection {
        let result: Result<LiveConnection, EventHubsError>
        do throws(EventHubsError) {
            result = .success(try await flight.value())
        } catch {
            if Task.isCancelled { throw .cancelled }
            result = .failure(error)
        }
        let isClosed = state.withLock { state in
            switch (state, result) {
            case (.opening(let current), .success(let live)) where current === flight: state = .open(live)
            case (.opening(let current), .failure) where current === flight: state = .idle
            case (.closed, _): return true
            default: break
            }
            return false
        }
        if isClosed { throw .closed }
        switch result {
        case .success(let live):
            configuration.logger?.debug("connected", metadata: ["host": "\(endpoint.authority)"])
            return live
        case .failure(let error):
            throw error
        }
    }
}
