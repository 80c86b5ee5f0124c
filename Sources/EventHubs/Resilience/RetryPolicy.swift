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

/// When to try again, and when to stop. A pure function of the attempt and the error; randomness is an argument.
public struct RetryPolicy: Sendable, Hashable {
    /// How the delay grows.
    public enum Mode: Sendable, Hashable {
        /// Doubled with each attempt.
        case exponential
        /// Always the same.
        case fixed
    }

    /// What to do after a failed attempt.
    package enum Decision: Sendable, Hashable {
        case retry(after: Duration)
        case stop
    }

    /// How the delay grows.
    public var mode: Mode

    /// How many times to try again; nil means without end, for those who watch over it themselves.
    public var maximumRetries: Int?

    /// The first delay.
    public var delay: Duration

    /// No delay of the policy is longer (a throttled service may ask for more).
    public var maximumDelay: Duration

    /// How long one attempt may take.
    public var tryTimeout: Duration

    /// The share of each delay, from 0 to 1, that is random: delays lie between `1 - jitter` and `1 + jitter` times the
    /// nominal one, so that clients which failed together do not come back together.
    public var jitter: Double

    /// After `com.microsoft:server-busy` nothing is tried sooner than this.
    public static let minimumServerBusyDelay: Duration = .seconds(4)

    /// A policy.
    /// - Parameters:
    ///   - mode: how the delay grows.
    ///   - maximumRetries: how many times to try again; nil means without end.
    ///   - delay: the first delay.
    ///   - maximumDelay: the longest delay.
    ///   - tryTimeout: how long one attempt may take.
    ///   - jitter: the random share of each delay, from 0 to 1.
    public init(
        mode: Mode = .exponential,
        maximumRetries: Int? = 3,
        delay: Duration = .milliseconds(800),
        maximumDelay: Duration = .seconds(60),
        tryTimeout: Duration = .seconds(60),
        jitter: Double = 0.08
    ) {
        self.mode = mode
        self.maximumRetries = maximumRetries
        self.delay = delay
        self.maximumDelay = maximumDelay
        self.tryTimeout = tryTimeout
        self.jitter = jitter
    }

    /// No second attempt.
    public static let none = RetryPolicy(maximumRetries: 0)

    /// The default delays, without end: for a receiver that shall outlive every transient failure.
    public static let persistent = RetryPolicy(maximumRetries: nil)

    /// What to do after attempt number `attempt` (the first is 0) failed with `error`.
    /// - Parameters:
    ///   - attempt: how many retries there have been.
    ///   - error: what the attempt failed with.
    ///   - random: a number from 0 up to 1.
    /// - Returns: to try again after a time, or to stop.
    package func decision(after attempt: Int, failedWith error: EventHubsError, random: Double) -> Decision {
        if let maximumRetries, attempt >= maximumRetries { return .stop }
        switch error.retryAdvice {
        case .never, .afterAuthorization: return .stop
        case .immediately where attempt == 0: return .retry(after: .zero)
        case .immediately, .later: return .retry(after: nominalDelay(attempt, random: random))
        case .notBefore(let minimum): return .retry(after: max(minimum, nominalDelay(attempt, random: random)))
        }
    }

    /// The policy's own delay before retry `attempt`, jitter included.
    package func nominalDelay(_ attempt: Int, random: Double) -> Duration {
        var nominal = min(max(delay, .zero), maximumDelay)
        if mode == .exponential {
            var doublings = max(attempt, 0)
            while doublings > 0, nominal > .zero, nominal < maximumDelay {
                nominal = nominal * 2
                doublings -= 1
            }
        }
        let share = min(max(jitter, 0), 1)
        let factor = 1 + share * (2 * min(max(random, 0), 1) - 1)
        return min(nominal, maximumDelay) * factor
    }
}
