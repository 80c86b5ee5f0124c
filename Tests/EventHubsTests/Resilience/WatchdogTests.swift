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

@Suite("Ending what takes too long", .timeLimit(.minutes(5)))
struct WatchdogTests {
    @Test("One sleeper for all that end in time")
    func oneSleeper() async {
        let time = TestTime()
        let watchdog = time.environment.watchdog
        let ended = Signal()
        for _ in 0..<100 {
            let id = watchdog.watch(until: watchdog.deadline(in: .seconds(60))) { ended.send() }
            #expect(watchdog.dismiss(id))
        }
        await time.waitUntilSlept(1)
        #expect(time.slept == [.seconds(60)])
        #expect(ended.count == 0)
    }

    @Test("A deadline that is earlier than the others is kept, and so are they")
    func earlierDeadline() async {
        let time = TestTime()
        let watchdog = time.environment.watchdog
        let (late, early) = (Signal(), Signal())
        let lateID = watchdog.watch(until: watchdog.deadline(in: .seconds(60))) { late.send() }
        await time.waitUntilSlept(1)
        let earlyID = watchdog.watch(until: watchdog.deadline(in: .seconds(5))) { early.send() }
        await time.waitUntilSlept(2)
        time.advance(by: .seconds(5))
        await early.wait()
        #expect(!watchdog.dismiss(earlyID))
        #expect(late.count == 0)
        await time.waitUntilSlept(3)
        #expect(time.slept == [.seconds(60), .seconds(5), .seconds(55)])
        time.advance(by: .seconds(55))
        await late.wait()
        #expect(!watchdog.dismiss(lateID))
        #expect((early.count, late.count) == (1, 1))
    }

    @Test("No limit is too long")
    func endless() async {
        let time = TestTime()
        let watchdog = time.environment.watchdog
        let deadline = watchdog.deadline(in: .seconds(Int64.max))
        let id = watchdog.watch(until: deadline) { Issue.record("ended") }
        await time.waitUntilSlept(1)
        #expect(watchdog.time(until: deadline) > .seconds(3_000_000_000))
        #expect(watchdog.dismiss(id))
    }

    @Test("Who begins while the sleeper sleeps has the whole time, too")
    func laterDeadline() async {
        let time = TestTime()
        let watchdog = time.environment.watchdog
        let (first, second) = (Signal(), Signal())
        _ = watchdog.watch(until: watchdog.deadline(in: .seconds(60))) { first.send() }
        await time.waitUntilSlept(1)
        time.advance(by: .seconds(40))
        _ = watchdog.watch(until: watchdog.deadline(in: .seconds(60))) { second.send() }
        time.advance(by: .seconds(20))
        await first.wait()
        await time.waitUntilSlept(2)
        #expect(time.slept == [.seconds(60), .seconds(40)])
        #expect(second.count == 0)
        time.advance(by: .seconds(40))
        await second.wait()
    }
}
