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

@Suite struct LinkWatchTests {
    let start = ContinuousClock.now

    func isDead(_ watch: inout LinkWatch, at position: Int64?, isWaiting: Bool = true, after seconds: Int) -> Bool {
        watch.isDead(at: position, isWaiting: isWaiting, now: start.advanced(by: .seconds(seconds)))
    }

    @Test func linkThatBringsNothingOfWhatIsThereIsDead() {
        var watch = LinkWatch()
        #expect(!isDead(&watch, at: 9, after: 0))
        #expect(!isDead(&watch, at: 9, after: 60))
        watch.endsAt(12)
        #expect(isDead(&watch, at: 9, after: 70))
        #expect(!isDead(&watch, at: 9, after: 80), "it is said once")
    }

    @Test func linkWithNothingToBringIsNot() {
        var watch = LinkWatch()
        for look in 0..<100 {
            #expect(!isDead(&watch, at: 9, after: look * 10))
            watch.endsAt(9)
        }
        #expect(watch.silence(at: start.advanced(by: .seconds(990))) == .seconds(990))
    }

    @Test func linkThatBringsSomethingMeanwhileIsNot() {
        var watch = LinkWatch()
        _ = isDead(&watch, at: 9, after: 0)
        watch.endsAt(12)
        #expect(!isDead(&watch, at: 10, after: 10))
        #expect(!isDead(&watch, at: 10, after: 20), "what was expected before is asked for anew")
    }

    @Test func busyProcessorSaysNothingOfTheLink() {
        var watch = LinkWatch()
        _ = isDead(&watch, at: 9, after: 0)
        watch.endsAt(12)
        #expect(!isDead(&watch, at: 9, isWaiting: false, after: 10))
        watch.endsAt(12)
        #expect(!isDead(&watch, at: 9, after: 20))
        #expect(watch.silence(at: start.advanced(by: .seconds(20))) == .zero)
    }

    @Test func linkThatHasBegunAtTheOldestEventHasAllOfThemToBring() {
        var watch = LinkWatch()
        _ = isDead(&watch, at: nil, after: 0)
        watch.endsAt(12, begunBehind: -1)
        #expect(isDead(&watch, at: nil, after: 10))
    }

    @Test func withoutAPositionTheFirstEndIsTheMeasure() {
        var watch = LinkWatch()
        _ = isDead(&watch, at: nil, after: 0)
        watch.endsAt(12)
        #expect(!isDead(&watch, at: nil, after: 10), "the link may have begun behind it")
        watch.endsAt(13)
        #expect(isDead(&watch, at: nil, after: 20))
    }
}
