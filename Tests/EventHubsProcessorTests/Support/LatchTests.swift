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

import Testing

@testable import EventHubsProcessor

@Suite struct LatchTests {
    @Test func opensForAllWhoWait() async throws {
        let latch = Latch()
        let clock = TestClock()
        async let one: Void = latch.wait()
        async let two = latch.wait(for: .seconds(1), on: ProcessorClock(clock))
        try await eventually("both wait") { clock.sleeperCount == 1 }
        latch.open()
        await one
        #expect(await two)
        #expect(await latch.wait(for: .seconds(1), on: ProcessorClock(clock)), "it stays open")
    }

    @Test func waitEndsAtTheDeadline() async throws {
        let latch = Latch()
        let clock = TestClock()
        async let opened = latch.wait(for: .seconds(5), on: ProcessorClock(clock))
        try await eventually("it waits") { clock.sleeperCount == 1 }
        clock.advance(by: .seconds(4))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        #expect(await !opened)
    }
}

@Suite struct DeadlineTests {
    @Test func answersInTime() async throws {
        let clock = TestClock()
        #expect(try await withDeadline(.seconds(1), on: ProcessorClock(clock)) { 42 } == 42)
        try await eventually("the timer is gone") { clock.sleeperCount == 0 }
    }

    @Test func errorsPass() async {
        await #expect(throws: TestFailure.self) {
            try await withDeadline(.seconds(1), on: .continuous) { throw TestFailure() }
        }
    }

    @Test func operationThatIgnoresCancellationHoldsNobodyUp() async throws {
        let clock = TestClock()
        let gate = Latch()
        let result = Task {
            try await withDeadline(.seconds(3), on: ProcessorClock(clock)) { await gate.wait() }
        }
        try await eventually("it waits") { clock.sleeperCount == 1 }
        clock.advance(by: .seconds(3))
        await #expect(throws: DeadlineExceeded.self) { try await result.value }
        gate.open()
    }
}

@Suite struct BackOffTests {
    @Test func doublesUpToTheMaximum() {
        var generator = SplitMix64(seed: 1)
        let backOff = BackOff(initial: .seconds(1), maximum: .seconds(10), jitter: 0)
        let delays = [1, 2, 3, 4, 5, 400].map { backOff.delay(afterFailures: $0, using: &generator) }
        #expect(delays == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(10), .seconds(10)])
    }

    @Test func jitterStaysWithinItsBounds() {
        var generator = SplitMix64(seed: 1)
        let backOff = BackOff(initial: .seconds(10), maximum: .seconds(10), jitter: 0.2)
        for _ in 0..<1_000 {
            let delay = backOff.delay(afterFailures: 1, using: &generator)
            #expect(delay >= .seconds(8) && delay <= .seconds(12))
        }
    }
}

@Suite struct SplitMix64Tests {
    /// The first outputs of the reference implementation for the seed 1234567.
    @Test func matchesTheReference() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}
