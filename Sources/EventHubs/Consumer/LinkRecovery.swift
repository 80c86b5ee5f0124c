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

/// When a lost link is attached again. A link that brought events or stood for a while starts the count anew, so that
/// daily detaches never add up, while one that falls at once does not loop without back-off.
package struct LinkRecovery: Sendable {
    /// How many attempts have failed in a row, and when the link was attached.
    package struct Attempts: Sendable, Hashable {
        var failures = 0
        var attachedAt: Timestamp?

        /// What was lost has been worth it.
        mutating func eventsCame() { failures = 0 }
    }

    /// A link that stood this long counts as a success.
    static let stableLife: Duration = .seconds(30)

    package var policy: RetryPolicy
    package var environment: ClientEnvironment

    package init(_ policy: RetryPolicy, environment: ClientEnvironment) {
        self.policy = policy
        self.environment = environment
    }

    /// The attempts of a link that has just been attached.
    package func attached(after attempts: Attempts = Attempts()) -> Attempts {
        var attempts = attempts
        attempts.attachedAt = environment.wallClock.now()
        return attempts
    }

    /// What to do after `loss`. A refused token has been renewed by now if it could be: that counts as transient here.
    package func decide(after loss: EventHubsError, _ attempts: inout Attempts) -> RetryPolicy.Decision {
        if let attachedAt = attempts.attachedAt {
            let life = environment.wallClock.now().millisecondsSinceEpoch &- attachedAt.millisecondsSinceEpoch
            if Duration.milliseconds(life) >= Self.stableLife { attempts.failures = 0 }
            attempts.attachedAt = nil
            // The link stood: the token lapsed meanwhile. Attaching again puts a new one.
            if loss.retryAdvice == .afterAuthorization, attempts.failures == 0 {
                attempts.failures = 1
                return .retry(after: .zero)
            }
        }
        let decision = policy.decision(after: attempts.failures, failedWith: loss, random: environment.random())
        attempts.failures += 1
        return decision
    }

    /// Waits before an attempt.
    package func pause(_ delay: Duration) async throws(EventHubsError) {
        guard delay > .zero else { return }
        do { try await environment.sleep(delay) } catch { throw .cancelled }
    }

    /// Waits for `flight`; nil when `limit` passes first, the flight goes on then.
    package func wait<Value: Sendable>(
        for flight: SingleFlight<Value>,
        atMost limit: Duration?
    ) async throws(EventHubsError) -> Value? {
        guard let limit else { return try await flight.value() }
        let sleep = environment.sleep
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await flight.value() }
            group.addTask { try? await sleep(limit) }
            await group.next()
            group.cancelAll()
        }
        if let result = flight.result { return try result.get() }
        if Task.isCancelled { throw .cancelled }
        return nil
    }
}
