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

@Suite struct FailureStreakTests {
    @Test func sameEventsCountUp() {
        var streak = FailureStreak()
        var counts: [Int] = []
        // The third time the batch was cut otherwise, after a restart.
        for numbers in [10...19, 10...19, 5...14, 12...12] as [ClosedRange<Int64>] {
            streak.failed(at: numbers)
            counts.append(streak.count)
        }
        #expect(counts == [1, 2, 3, 4])
    }

    @Test func laterEventsCountAnew() {
        var streak = FailureStreak()
        streak.failed(at: 10...19)
        streak.failed(at: 10...19)
        streak.failed(at: 20...29)
        #expect(streak.count == 1)
    }

    @Test func failuresWithoutEventsCountUp() {
        var streak = FailureStreak()
        streak.failed(at: nil)
        streak.failed(at: nil)
        #expect(streak.count == 2)
        streak.failed(at: 0...0)
        #expect(streak.count == 1)
        streak.failed(at: nil)
        #expect(streak.count == 2)
    }
}
