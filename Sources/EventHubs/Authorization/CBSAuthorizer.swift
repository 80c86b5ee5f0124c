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

package import Logging
internal import Synchronization

/// Keeps the audiences of one connection authorised, over its one pair of `$cbs` links.
///
/// A token is put when an audience is first used, and replaced before it expires; while a replacement fails, the old
/// token is used and the replacement tried again, until the old one has expired.
package final class CBSAuthorizer: Sendable {
    /// Puts a token for an audience: the exchange on `$cbs`.
    package typealias Exchange =
        @Sendable (_ audience: String, _ token: AccessToken) async throws(EventHubsError) -> Void

    private struct Grant {
        var token: AccessToken
        /// Counts the tokens put for the audience.
        var generation: Int
        var refresh: Task<Void, Never>?
    }

    private struct State {
        var grants: [String: Grant] = [:]
        var underWay: [String: SingleFlight<Int>] = [:]
        var generation = 0
        var isStopped = false
    }

    private let credential: any TokenCredential
    private let exchange: Exchange
    private let environment: ClientEnvironment
    private let logger: Logger?
    private let state = Mutex(State())

    package init(
        credential: any TokenCredential,
        environment: ClientEnvironment,
        logger: Logger?,
        exchange: @escaping Exchange
    ) {
        self.credential = credential
        self.environment = environment
        self.logger = logger
        self.exchange = exchange
    }

    /// Makes sure that a token has been put for `audience` and has not expired.
    /// - Parameter audience: what a link needs.
    /// - Returns: the number of the token, for ``reauthorize(_:after:)``.
    /// - Throws: ``EventHubsError``
    @discardableResult
    package func authorize(_ audience: String) async throws(EventHubsError) -> Int {
        let now = environment.wallClock.now()
        let valid = state.withLock { state -> Int? in
            guard let grant = state.grants[audience], grant.token.expiry.map({ $0 > now }) ?? true else { return nil }
            return grant.generation
        }
        if let valid { return valid }
        return try await put(audience)
    }

    /// Puts a new token because the service turned down what the last one allowed.
    /// - Parameters:
    ///   - audience: what a link needs.
    ///   - generation: the token that did not do; a newer one is used as it is.
    /// - Returns: the number of the new token.
    /// - Throws: ``EventHubsError``
    @discardableResult
    package func reauthorize(_ audience: String, after generation: Int) async throws(EventHubsError) -> Int {
        let newer = state.withLock { state in
            state.grants[audience].flatMap { $0.generation > generation ? $0.generation : nil }
        }
        if let newer { return newer }
        return try await put(audience)
    }

    /// The text of the token in use for `audience`.
    package func currentToken(for audience: String) -> String? {
        state.withLock { $0.grants[audience]?.token.value }
    }

    /// Ends all refreshing.
    package func stop() {
        let (flights, tasks) = state.withLock { state in
            state.isStopped = true
            defer {
                state.underWay = [:]
                state.grants = [:]
            }
            return (Array(state.underWay.values), state.grants.values.compactMap(\.refresh))
        }
        for flight in flights { flight.cancel() }
        for task in tasks { task.cancel() }
    }

    /// Puts a token, or waits for the one that is being put.
    private func put(_ audience: String) async throws(EventHubsError) -> Int {
        let flight = state.withLock { state -> SingleFlight<Int>? in
            guard !state.isStopped else { return nil }
            if let flight = state.underWay[audience] { return flight }
            let flight = SingleFlight<Int> { [self] () async throws(EventHubsError) in
                do throws(EventHubsError) {
                    return try await obtainAndPut(audience)
                } catch {
                    self.state.withLock { $0.underWay[audience] = nil }
                    throw error
                }
            }
            state.underWay[audience] = flight
            return flight
        }
        guard let flight else { throw .closed }
        return try await flight.value()
    }

    /// One exchange; on success the next refresh is planned.
    /// - Returns: the number of the token.
    private func obtainAndPut(_ audience: String) async throws(EventHubsError) -> Int {
        let token = try await obtain(for: audience)
        try await exchange(audience, token)
        let (generation, old) = state.withLock { state -> (Int, Task<Void, Never>?) in
            guard !state.isStopped else { return (0, nil) }
            // In one step with the plan: the next refresh must not find this exchange, and take it for its own.
            state.underWay[audience] = nil
            state.generation += 1
            let old = state.grants[audience]?.refresh
            state.grants[audience] = Grant(
                token: token,
                generation: state.generation,
                refresh: planRefresh(of: token, for: audience)
            )
            return (state.generation, old)
        }
        old?.cancel()
        logger?.debug("authorised", metadata: ["audience": "\(audience)", "token": "\(token)"])
        return generation
    }

    /// Asks the credential, for a limited time.
    private func obtain(for audience: String) async throws(EventHubsError) -> AccessToken {
        let credential = credential
        // A guard against foreign code that hangs: by the system's clock, whatever ours is.
        let retrier = Retrier(.none, environment: .system)
        return try await retrier.deadline(Self.credentialPatience, of: "The credential") {
            () async throws(EventHubsError) in
            do {
                return try await credential.token(for: audience)
            } catch {
                throw .wrapping(error) { cause in
                    let isPermanent = (cause as? CredentialError)?.isTransient == false
                    return EventHubsError(
                        .unauthorized,
                        "The credential has no token for '\(audience)': \(Redaction.scrub(String(describing: cause)))",
                        retryAdvice: isPermanent ? .never : .later,
                        underlying: cause
                    )
                }
            }
        }
    }

    /// How long a credential may take.
    private static let credentialPatience: Duration = .seconds(60)

    /// A task that replaces `token` in time.
    private func planRefresh(of token: AccessToken, for audience: String) -> Task<Void, Never>? {
        let now = environment.wallClock.now()
        guard
            let delay = TokenRefreshSchedule.delay(until: token.expiry, now: now, random: environment.random())
        else { return nil }
        return Task { [weak self, sleep = environment.sleep] in
            do { try await sleep(delay) } catch { return }
            await self?.refresh(token, for: audience)
        }
    }

    /// Replaces `token`; on failure tries again with growing pauses until the token has expired.
    private func refresh(_ token: AccessToken, for audience: String) async {
        let policy = RetryPolicy(maximumRetries: nil, delay: .seconds(1), maximumDelay: .seconds(30))
        var attempt = 0
        while !Task.isCancelled {
            let failure: EventHubsError
            var level = Logger.Level.warning
            do throws(EventHubsError) {
                guard try await obtain(for: audience) == token else {
                    // A task of its own: planning the next refresh cancels this one.
                    _ = try await put(audience)
                    return
                }
                failure = EventHubsError(.unauthorized, "The credential has no newer token yet.", retryAdvice: .later)
                level = .debug
            } catch {
                failure = error
            }
            guard !Task.isCancelled, failure.code != .closed else { return }
            if let expiry = token.expiry, environment.wallClock.now() >= expiry {
                logger?.error("the token has expired and could not be replaced", metadata: ["audience": "\(audience)"])
                return
            }
            logger?.log(
                level: level,
                "replacing a token failed; the old one stays in use",
                metadata: ["audience": "\(audience)", "error": "\(failure)"]
            )
            let delay = policy.nominalDelay(attempt, random: environment.random())
            do { try await environment.sleep(delay) } catch { return }
            attempt += 1
        }
    }
}
