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

@Suite struct CheckpointAgeTests {
    let start = ContinuousClock.now

    func look(_ age: inout CheckpointAge, _ processed: Int64?, covered: Int64?, after seconds: Int) -> Duration {
        age.look(processed: processed, covered: covered, now: start.advanced(by: .seconds(seconds)))
    }

    @Test func whatIsCoveredHasNoAge() {
        var age = CheckpointAge()
        #expect(look(&age, nil, covered: nil, after: 0) == .zero)
        #expect(look(&age, 9, covered: 9, after: 10) == .zero)
        #expect(look(&age, 9, covered: 9, after: 1_000) == .zero)
    }

    @Test func ageIsThatOfTheOldestLookThatIsNotCovered() {
        var age = CheckpointAge()
        #expect(look(&age, 9, covered: nil, after: 0) == .zero)
        #expect(look(&age, 20, covered: nil, after: 10) == .seconds(10))
        #expect(look(&age, 30, covered: 5, after: 20) == .seconds(20))
        // What was processed at the first look is covered now; what was at the third is not.
        #expect(look(&age, 30, covered: 9, after: 30) == .seconds(10))
        #expect(look(&age, 30, covered: 30, after: 40) == .zero)
        #expect(look(&age, 31, covered: 30, after: 50) == .zero)
        #expect(look(&age, 31, covered: 30, after: 65) == .seconds(15))
    }
}

@Suite struct CheckpointCounterTests {
    @Test func asksAfterSoManyEvents() {
        var counter = CheckpointCounter(limit: 100)
        var answers = [60, 39, 1].map { counter.processed($0) }
        answers.append(counter.written())
        answers += [99, 250].map { counter.processed($0) }
        #expect(answers == [false, false, true, false, false, true])
    }

    @Test func oneIsUnderWayAtATime() {
        var counter = CheckpointCounter(limit: 10)
        let answers = [10, 10, 10, 10].map { counter.processed($0) }
        #expect(answers == [true, false, false, false])
        let ends = [counter.written(), counter.written()]
        #expect(ends == [true, false], "one for all that came meanwhile")
    }

    @Test func withoutALimitItNeverAsks() {
        var counter = CheckpointCounter(limit: nil)
        let answers = [Int.max, .max].map { counter.processed($0) }
        #expect(answers == [false, false])
    }
}
