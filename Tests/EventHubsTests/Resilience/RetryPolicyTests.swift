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
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    private let transient = EventHubsError(.linkDetached, "", retryAdvice: .later)
    private let permanent = EventHubsError(.notFound, "")
    private let busy = EventHubsError(.serverBusy, "", retryAdvice: .notBefore(RetryPolicy.minimumServerBusyDelay))

    @Test("Exponential delays double up to the longest, then it stops")
    func exponential() {
        let policy = RetryPolicy(maximumRetries: 9, jitter: 0)
        let delays = (0..<10).map { policy.decision(after: $0, failedWith: transient, random: 0.5) }
        let milliseconds = [800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]
        #expect(delays == milliseconds.map { .retry(after: .milliseconds($0)) } + [.stop])
    }

    @Test("The default is three retries")
    func defaults() {
        let policy = RetryPolicy()
        #expect(policy.decision(after: 2, failedWith: transient, random: 0.5) == .retry(after: .milliseconds(3200)))
        #expect(policy.decision(after: 3, failedWith: transient, random: 0.5) == .stop)
        #expect(RetryPolicy.none.decision(after: 0, failedWith: transient, random: 0.5) == .stop)
        #expect(
            RetryPolicy.persistent.decision(after: 1_000_000, failedWith: transient, random: 0.5)
                == .retry(after: .seconds(60))
        )
    }

    @Test("Fixed delays stay")
    func fixed() {
        let policy = RetryPolicy(mode: .fixed, maximumRetries: nil, delay: .seconds(30), jitter: 0)
        for attempt in [0, 1, 50] {
            #expect(policy.decision(after: attempt, failedWith: transient, random: 0.1) == .retry(after: .seconds(30)))
        }
    }

    @Test("Jitter spreads around the nominal delay", arguments: [(0.0, 920), (0.5, 1000), (1.0, 1080)])
    func jitter(random: Double, milliseconds: Int64) {
        let policy = RetryPolicy(delay: .seconds(1), jitter: 0.08)
        let delay = policy.nominalDelay(0, random: random)
        #expect(abs((delay - .milliseconds(milliseconds)).components.attoseconds) < 1_000_000_000_000)
    }

    @Test("Permanent errors stop at once, a busy service is left alone for four seconds at least")
    func advice() {
        let policy = RetryPolicy(jitter: 0)
        #expect(policy.decision(after: 0, failedWith: permanent, random: 0.5) == .stop)
        #expect(policy.decision(after: 0, failedWith: busy, random: 0.5) == .retry(after: .seconds(4)))
        let slow = RetryPolicy(delay: .seconds(10), jitter: 0)
        #expect(slow.decision(after: 0, failedWith: busy, random: 0.5) == .retry(after: .seconds(10)))
        let once = EventHubsError(.operationCancelled, "", retryAdvice: .immediately)
        #expect(policy.decision(after: 0, failedWith: once, random: 0.5) == .retry(after: .zero))
        #expect(policy.decision(after: 1, failedWith: once, random: 0.5) == .retry(after: .milliseconds(1600)))
        let unauthorized = EventHubsError(.unauthorized, "", retryAdvice: .afterAuthorization)
        #expect(policy.decision(after: 0, failedWith: unauthorized, random: 0.5) == .stop)
    }

    @Test("Senseless settings do no harm")
    func extremes() {
        let policy = RetryPolicy(maximumRetries: nil, delay: .seconds(-5), maximumDelay: .seconds(1), jitter: 7)
        #expect(policy.nominalDelay(Int.max, random: -3) == .zero)
        let zero = RetryPolicy(maximumRetries: nil, delay: .zero)
        #expect(zero.nominalDelay(Int.max, random: 1) == .zero)
    }
}
