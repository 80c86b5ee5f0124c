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

@Suite struct HandlerWatchTests {
    let start = ContinuousClock.now
    let limits = HandlerWatch.Limits(slow: .seconds(10), deadline: .seconds(30), grace: .seconds(5))

    func look(
        _ watch: inout HandlerWatch,
        at call: UInt64?,
        after seconds: Int,
        _ limits: HandlerWatch.Limits? = nil
    ) -> HandlerWatch.Finding {
        watch.look(at: call, now: start.advanced(by: .seconds(seconds)), limits: limits ?? self.limits)
    }

    @Test func eachStageIsFoundOnce() {
        var watch = HandlerWatch()
        let findings = [0, 9, 10, 20, 30, 34, 35, 500].map { look(&watch, at: 1, after: $0) }
        #expect(findings == [.nothing, .nothing, .slow, .nothing, .overdue, .nothing, .stuck, .nothing])
    }

    @Test func anotherCallBeginsAnew() {
        var watch = HandlerWatch()
        _ = look(&watch, at: 1, after: 0)
        #expect(look(&watch, at: 1, after: 29) == .slow)
        #expect(watch.isSlow)
        #expect(look(&watch, at: 3, after: 58) == .nothing)
        #expect(!watch.isSlow)
        #expect(look(&watch, at: 3, after: 87) == .slow)
        #expect(look(&watch, at: nil, after: 88) == .nothing)
        #expect(!watch.isSlow)
    }

    @Test func lateLookFindsTheWorst() {
        var watch = HandlerWatch()
        _ = look(&watch, at: 1, after: 0)
        #expect(look(&watch, at: 1, after: 400) == .overdue)
        #expect(watch.isSlow)
        #expect(look(&watch, at: 1, after: 401) == .nothing, "it has its grace after it was cancelled")
    }

    @Test func whatIsNotLimitedIsNotFound() {
        var watch = HandlerWatch()
        let limits = HandlerWatch.Limits(slow: nil, deadline: nil, grace: .zero)
        _ = look(&watch, at: 1, after: 0, limits)
        #expect(look(&watch, at: 1, after: 100_000, limits) == .nothing)
        #expect(!watch.isSlow)
    }
}
