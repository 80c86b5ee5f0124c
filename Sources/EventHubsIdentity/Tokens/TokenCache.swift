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

import EventHubs
import Synchronization

/// Keeps the tokens of one source, one for each resource.
///
/// Whoever asks waits for the one request under way, if there is no token yet. A token that is near its end is handed out
/// as before while the next one is fetched; when that fails, it is tried again after a pause, and the old one is used
/// until it has expired.
final class TokenCache: Sendable {
    private typealias Outcome = Result<IssuedToken, CredentialError>

    private struct Entry {
        var issued: IssuedToken
        /// From when on the next one is fetched.
        var refresh: Timestamp
    }

    private struct State {
        var entries: [TokenResource: Entry] = [:]
        var flights: [TokenResource: SingleFlight<Outcome>] = [:]
    }

    private enum Step {
        case use(AccessToken)
        case wait(SingleFlight<Outcome>)
    }

    /// How long before its end a token with a long life is replaced. Longer than what links need it for: when they ask
    /// for a newer one, there is one.
    static let margin: Int64 = 600_000
    /// How long after a failure nothing is fetched, in milliseconds, while there is still a token.
    static let pauseAfterFailure: Int64 = 30_000
    /// No token is taken to live longer: a year, in milliseconds.
    private static let longestLife: Int64 = 365 * 24 * 3_600_000
    /// For how many resources tokens are kept; there are two in use.
    static let maximumResources = 16

    private let source: any TokenSource
    private let environment: ClientEnvironment
    private let state = Mutex(State())

    init(_ source: any TokenSource, environment: ClientEnvironment) {
        self.source = source
        self.environment = environment
    }

    /// A token for the service behind `audience`.
    ///
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    func token(for audience: String) async throws -> AccessToken {
        let resource = TokenResource(audience: audience)
        let now = environment.wallClock.now()
        let step = state.withLock { state -> Step in
            guard let entry = state.entries[resource], entry.issued.expiry > now else {
                return .wait(flight(for: resource, &state))
            }
            if entry.refresh <= now { _ = flight(for: resource, &state) }
            return .use(entry.issued.token)
        }
        switch step {
        case .use(let token): return token
        case .wait(let flight):
            let outcome: Outcome
            do throws(EventHubsError) {
                outcome = try await flight.value()
            } catch {
                throw CancellationError()
            }
            return try outcome.get().token
        }
    }

    /// The request under way for `resource`, begun if there is none.
    private func flight(for resource: TokenResource, _ state: inout State) -> SingleFlight<Outcome> {
        if let flight = state.flights[resource] { return flight }
        let source = source
        let flight = SingleFlight<Outcome> { [self] () async throws(EventHubsError) in
            let outcome: Outcome
            do throws(CredentialError) {
                outcome = .success(try await source.issue(for: resource))
            } catch {
                outcome = .failure(error)
            }
            finish(resource, outcome)
            return outcome
        }
        state.flights[resource] = flight
        return flight
    }

    private func finish(_ resource: TokenResource, _ outcome: Outcome) {
        let now = environment.wallClock.now()
        let random = environment.random()
        state.withLock { state in
            state.flights[resource] = nil
            switch outcome {
            case .success(let issued):
                if state.entries.count >= Self.maximumResources { state.entries.removeAll() }
                let refresh = Self.refresh(of: issued, at: now, random: random)
                state.entries[resource] = Entry(issued: issued, refresh: refresh)
            case .failure:
                let (later, overflow) = now.millisecondsSinceEpoch.addingReportingOverflow(Self.pauseAfterFailure)
                state.entries[resource]?.refresh = Timestamp(millisecondsSinceEpoch: overflow ? .max : later)
            }
        }
    }

    /// When the token after `issued` is fetched: ten minutes before the end, or a third of a short life; up to half a
    /// minute earlier, so that not all processes come at once; or when the issuer says, if that is sooner.
    static func refresh(of issued: IssuedToken, at now: Timestamp, random: Double) -> Timestamp {
        let (left, overflow) = issued.expiry.millisecondsSinceEpoch.subtractingReportingOverflow(
            now.millisecondsSinceEpoch
        )
        let life = overflow ? longestLife : min(max(left, 0), longestLife)
        let beforeMargin = life - min(margin, life / 3)
        let jitter = Double(min(30_000, beforeMargin / 20)) * min(max(random, 0), 1)
        let due = now.millisecondsSinceEpoch &+ beforeMargin &- Int64(jitter)
        return min(Timestamp(millisecondsSinceEpoch: due), issued.refresh ?? .init(millisecondsSinceEpoch: .max))
    }
}
