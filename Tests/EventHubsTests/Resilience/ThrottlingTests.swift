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
import Testing

@Suite("Throttling is visible", .timeLimit(.minutes(2)))
struct ThrottlingTests {
    @Test("Count, wait and callback; no wait is shorter than the service asks for")
    func visible() async throws {
        let time = TestTime()
        let heard = Mutex<[Throttling]>([])
        let meter = ThrottlingMeter { throttling, error in
            #expect(error.code == .serverBusy)
            heard.withLock { $0.append(throttling) }
        }
        let policy = RetryPolicy(delay: .milliseconds(1), jitter: 0)
        let retrier = Retrier(policy, environment: time.environment, throttling: meter)
        let busy = ErrorMapping.error(for: AMQPErrorInfo(condition: .serverBusy, description: "Please wait 4 seconds."))
        let failures = Mutex([busy, EventHubsError(.timeout, "late", retryAdvice: .later), busy])
        let run = Task {
            try await retrier.run("test") { () async throws(EventHubsError) in
                if let failure = failures.withLock({ $0.popLast() }) { throw failure }
            }
        }
        // Each attempt has a timer beside it; what is left are the pauses.
        while meter.throttling.count < 2 || !failures.withLock({ $0.isEmpty }) {
            time.advance(by: .milliseconds(500))
            await Task.yield()
        }
        while time.slept.filter({ $0 < .seconds(60) }).count < 3 { await Task.yield() }
        time.advance(by: .seconds(4))
        try await run.value
        #expect(meter.throttling.count == 2)
        #expect(meter.throttling.totalWait == .seconds(8))
        #expect(heard.withLock { $0.map(\.count) } == [1, 2])
        #expect(heard.withLock { $0.map(\.lastWait) } == [.seconds(4), .seconds(4)])
    }

    @Test("Tracking id and reference of the service's answer are kept on the error")
    func tracking() {
        let error = ErrorMapping.error(
            for: AMQPErrorInfo(
                condition: .serverBusy,
                description:
                    "The request was terminated. [Reference:b2c1-77,] TrackingId:0a1b_G3, SystemTracker:ns:eventhub:h, "
                    + "Timestamp:2019-03-12T20:30:59"
            )
        )
        #expect(error.trackingID == "0a1b_G3")
        #expect(error.reference == "b2c1-77")
        #expect(ErrorMapping.error(for: AMQPErrorInfo(condition: .timeout, description: "no more")).reference == nil)
    }
}
