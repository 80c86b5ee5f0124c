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

@testable import AMQPEngine

@Suite struct IdleTimeoutTests {
    let start = ContinuousClock().now

    func after(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    @Test func silenceOfThePeerIsNoticed() {
        var idle = IdleTimeout(limit: .seconds(60), keepAlive: nil, now: start)
        #expect(idle.deadline == after(60))
        #expect(idle.timeReached(after(59)) == .none)
        idle.bytesReceived(at: after(59))
        #expect(idle.timeReached(after(60)) == .none)
        #expect(idle.deadline == after(119))
        #expect(idle.timeReached(after(119)) == .timedOut)
    }

    @Test func weSpeakTwiceAsOftenAsThePeerAsks() {
        var idle = IdleTimeout(limit: nil, keepAlive: nil, now: start)
        #expect(idle.deadline == nil)
        idle.openReceived(idleTimeOutMilliseconds: 10_000, at: start)
        #expect(idle.deadline == after(5))
        #expect(idle.timeReached(after(4.9)) == .none)
        #expect(idle.timeReached(after(5)) == .sendEmptyFrame)
        #expect(idle.deadline == after(10))
        idle.bytesSent(at: after(7))
        #expect(idle.timeReached(after(10)) == .none)
        #expect(idle.timeReached(after(12)) == .sendEmptyFrame)
    }

    @Test(arguments: [(240_000, 60.0), (20_000, 10.0), (nil, 60.0), (0, 60.0)] as [(UInt32?, Double)])
    func keepAliveIsTheSlowest(asked: UInt32?, interval: Double) {
        var idle = IdleTimeout(limit: nil, keepAlive: .seconds(60), now: start)
        idle.openReceived(idleTimeOutMilliseconds: asked, at: start)
        #expect(idle.deadline == after(interval))
    }

    @Test func nobodyAsksNobodySpeaks() {
        var idle = IdleTimeout(limit: .zero, keepAlive: nil, now: start)
        idle.openReceived(idleTimeOutMilliseconds: nil, at: start)
        #expect(idle.deadline == nil)
        #expect(idle.timeReached(after(1_000_000)) == .none)
    }

    @Test func deadlinesAreTakenOnceEach() {
        var deadlines = Deadlines()
        #expect(deadlines.next == nil)
        deadlines.set(.close, at: after(2))
        deadlines.set(.handshake, at: after(1))
        #expect(deadlines.next == after(1))
        #expect(deadlines.takeReached(after(0.5)) == nil)
        #expect(deadlines.takeReached(after(3)) == .handshake)
        #expect(deadlines.takeReached(after(3)) == .close)
        #expect(deadlines.takeReached(after(3)) == nil)
        deadlines.set(.close, at: after(4))
        deadlines.clear(.close)
        #expect(deadlines.next == nil)
    }
}
