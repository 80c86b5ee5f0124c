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

@Suite struct WindowTests {
    @Test func theIncomingWindowClosesAndOpens() {
        var window = IncomingWindow(size: 4)
        window.beginReceived(nextOutgoingID: .max)
        #expect(!window.needsReplenishment)
        #expect(window.transferReceived() == true)
        #expect(window.nextIncomingID == SequenceNumber(0))
        #expect(window.transferReceived() == true)
        #expect(window.needsReplenishment)
        #expect(window.transferReceived() == true)
        #expect(window.transferReceived() == true)
        #expect(window.transferReceived() == false)
        #expect(window.nextIncomingID == SequenceNumber(3))
        window.replenish()
        #expect(window.remaining == 4)
        #expect(window.transferReceived() == true)
    }

    @Test func transfersTakenTogetherCountAlike() {
        var one = IncomingWindow(size: 100)
        var many = IncomingWindow(size: 100)
        for _ in 0..<37 { _ = one.transferReceived() }
        many.transfersReceived(37)
        #expect(one == many)
    }

    @Test func theOutgoingWindowSubtractsWhatIsUnderWay() {
        var window = OutgoingWindow()
        window.beginReceived(incomingWindow: 10)
        for _ in 0..<6 { window.transferSent() }
        #expect(window.remoteIncomingWindow == 4)
        // The peer had seen two when it granted ten more: four are under way.
        window.flowReceived(nextIncomingID: 2, incomingWindow: 10)
        #expect(window.remoteIncomingWindow == 6)
        window.flowReceived(nextIncomingID: 6, incomingWindow: 10)
        #expect(window.remoteIncomingWindow == 10)
    }

    @Test func aFlowWithoutNextIncomingIDCountsFromTheBeginning() {
        var window = OutgoingWindow()
        window.beginReceived(incomingWindow: 10)
        for _ in 0..<3 { window.transferSent() }
        window.flowReceived(nextIncomingID: nil, incomingWindow: 8)
        #expect(window.remoteIncomingWindow == 5)
    }

    @Test func aShrunkenWindowIsClosed() {
        var window = OutgoingWindow()
        window.beginReceived(incomingWindow: 10)
        for _ in 0..<10 { window.transferSent() }
        window.flowReceived(nextIncomingID: 0, incomingWindow: 3)
        #expect(!window.isOpen)
        // A count from the future is taken as "all seen".
        window.flowReceived(nextIncomingID: 500, incomingWindow: 3)
        #expect(window.remoteIncomingWindow == 3)
    }

    @Test func theLargestWindowDoesNotOverflow() {
        var window = OutgoingWindow()
        window.flowReceived(nextIncomingID: 0, incomingWindow: .max)
        #expect(window.remoteIncomingWindow == .max)
    }
}
