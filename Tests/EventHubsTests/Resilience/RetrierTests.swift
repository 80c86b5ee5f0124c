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

@Suite("Retrying")
struct RetrierTests {
    private let transient = EventHubsError(.linkDetached, "lost", retryAdvice: .later)

    @Test("Transient failures are tried again after the policy's delays")
    func retries() async throws {
        let time = TestTime()
        let retrier = Retrier(RetryPolicy(jitter: 0), environment: time.environment)
        let calls = Mutex(0)
        async let result = retrier.run("test") { [transient] () async throws(EventHubsError) -> Int in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call < 3 { throw transient }
            return call
        }
        // The pauses are what a test has to let pass.
        while calls.withLock({ $0 }) < 3 {
            time.advance(by: .milliseconds(100))
            await Task.yield()
        }
        #expect(try await result == 3)
        #expect(time.slept.filter { $0 < .seconds(60) } == [.milliseconds(800), .milliseconds(1600)])
    }

    @Test("A permanent failure is thrown at once")
    func permanent() async {
        let time = TestTime()
        let retrier = Retrier(RetryPolicy(), environment: time.environment)
        await #expect(throws: EventHubsError(.notFound, "")) {
            try await retrier.run("test") { () async throws(EventHubsError) in throw EventHubsError(.notFound, "none") }
        }
        #expect(time.slept.allSatisfy { $0 == .seconds(60) })
    }

    @Test("An attempt that takes too long ends as a time-out and is cancelled")
    func timeout() async {
        let time = TestTime()
        let retrier = Retrier(RetryPolicy(maximumRetries: 0, tryTimeout: .seconds(5)), environment: time.environment)
        let end = SingleUse()
        let cancelled = Signal()
        let outcome = Task {
            try await retrier.run("the test") { () async throws(EventHubsError) in
                if await !end.wait() {
                    cancelled.send()
                    throw .cancelled
                }
            }
        }
        await time.waitUntilSlept(1)
        time.advance(by: .seconds(5))
        await #expect(throws: EventHubsError(.timeout, "")) { try await outcome.value }
        #expect(cancelled.count == 1)
    }

    @Test("Cancelling the caller ends a pause")
    func cancellation() async {
        let time = TestTime()
        let retrier = Retrier(.persistent, environment: time.environment)
        let failure = transient
        let task = Task {
            try await retrier.run("test") { () async throws(EventHubsError) in throw failure }
        }
        await time.waitUntilSlept(2)
        task.cancel()
        await #expect(throws: EventHubsError.cancelled) { try await task.value }
    }
}

@Suite("One operation, many waiters")
struct SingleFlightTests {
    @Test("All get the one result, also those who come later")
    func sharing() async throws {
        let calls = Signal()
        let gate = SingleUse()
        let flight = SingleFlight<Int> { () async throws(EventHubsError) in
            calls.send()
            _ = await gate.wait()
            return 7
        }
        async let first = flight.value()
        async let second = flight.value()
        gate.finish()
        #expect(try await first == 7)
        #expect(try await second == 7)
        #expect(try await flight.value() == 7)
        #expect(calls.count == 1)
    }

    @Test("A cancelled waiter leaves, the operation goes on")
    func cancelledWaiter() async throws {
        let gate = SingleUse()
        let flight = SingleFlight<Int> { () async throws(EventHubsError) in
            guard await gate.wait() else { throw .cancelled }
            return 7
        }
        let waiter = Task { try await flight.value() }
        waiter.cancel()
        await #expect(throws: EventHubsError.cancelled) { try await waiter.value }
        gate.finish()
        #expect(try await flight.value() == 7)
    }

    @Test("A cancelled operation ends for everybody")
    func cancelledOperation() async {
        let gate = SingleUse()
        let flight = SingleFlight<Int> { () async throws(EventHubsError) in
            guard await gate.wait() else { throw .cancelled }
            return 7
        }
        flight.cancel()
        await #expect(throws: EventHubsError.cancelled) { try await flight.value() }
    }
}
