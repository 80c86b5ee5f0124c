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

@Suite struct CreditTests {
    @Test func anOverrunIsLetPassUpToItsBound() {
        var credit = ReceiverCredit(overrun: 2)
        credit.grant(1)
        #expect(credit.remainingLimit == 3)
        #expect(credit.deliveryReceived() == true)
        #expect(credit.deliveryReceived() == true)
        #expect(credit.credit == 0)
        // The next grant counts from what has come.
        credit.grant(1)
        #expect(credit.credit == 1)
        for _ in 0..<3 { #expect(credit.deliveryReceived() == true) }
        #expect(credit.deliveryReceived() == false)
    }

    @Test func aReceiverCountsItsCreditDown() {
        var credit = ReceiverCredit()
        #expect(credit.deliveryReceived() == false)
        credit.attachReceived(initialDeliveryCount: .max)
        credit.grant(2)
        #expect(credit.deliveryReceived() == true)
        #expect(credit.deliveryCount == SequenceNumber(0))
        #expect(credit.credit == 1)
        #expect(credit.deliveryReceived() == true)
        #expect(credit.deliveryReceived() == false)
    }

    @Test func creditGrantedBeforeTheAttachIsKept() {
        var credit = ReceiverCredit()
        credit.grant(3)
        credit.attachReceived(initialDeliveryCount: 100)
        #expect(credit.credit == 3)
        #expect(credit.remainingLimit == 3)
    }

    @Test func loweringCreditForgivesWhatIsUnderWay() {
        var credit = ReceiverCredit()
        credit.grant(5)
        credit.grant(0)
        #expect(credit.credit == 0)
        for _ in 0..<5 { #expect(credit.deliveryReceived() == true) }
        #expect(credit.deliveryReceived() == false)
    }

    @Test func deliveriesTakenTogetherCountAlike() {
        var one = ReceiverCredit()
        var many = ReceiverCredit()
        one.grant(50)
        many.grant(50)
        for _ in 0..<20 { _ = one.deliveryReceived() }
        many.deliveriesReceived(20)
        #expect(one == many)
    }

    @Test func aDrainEndsWhenTheSenderAdvancesItsCount() {
        var credit = ReceiverCredit()
        #expect(credit.drain() == false)
        credit.grant(10)
        #expect(credit.drain() == true)
        #expect(credit.deliveryReceived() == true)
        #expect(credit.completeDrainIfExhausted() == false)
        credit.flowReceived(deliveryCount: 10)
        #expect(credit.credit == 0)
        #expect(credit.completeDrainIfExhausted() == true)
        #expect(credit.completeDrainIfExhausted() == false)
        #expect(credit.deliveryReceived() == false)
    }

    @Test func senselessCountsAreIgnored() {
        var credit = ReceiverCredit()
        credit.grant(10)
        _ = credit.deliveryReceived()
        credit.flowReceived(deliveryCount: 0)
        credit.flowReceived(deliveryCount: 11)
        credit.flowReceived(deliveryCount: nil)
        #expect(credit.deliveryCount == SequenceNumber(1))
        #expect(credit.credit == 9)
    }

    @Test func hugeCreditIsCutOff() {
        var credit = ReceiverCredit()
        credit.grant(.max)
        #expect(credit.remainingLimit == Int(Int32.max))
        #expect(credit.deliveryReceived() == true)
    }

    @Test func aSenderSubtractsWhatIsUnderWay() {
        var credit = SenderCredit()
        credit.flowReceived(deliveryCount: nil, linkCredit: 5, drain: false)
        #expect(credit.credit == 5)
        credit.deliverySent()
        credit.deliverySent()
        credit.flowReceived(deliveryCount: 1, linkCredit: 5, drain: false)
        #expect(credit.credit == 4)
        credit.flowReceived(deliveryCount: 2, linkCredit: 0, drain: false)
        #expect(credit.credit == 0)
        credit.flowReceived(deliveryCount: 0, linkCredit: 1, drain: false)
        #expect(credit.credit == 0)
        credit.flowReceived(deliveryCount: 2, linkCredit: .max, drain: false)
        #expect(credit.credit == .max)
    }

    @Test func aDrainedSenderAdvancesItsCount() {
        var credit = SenderCredit()
        credit.flowReceived(deliveryCount: 0, linkCredit: 7, drain: true)
        #expect(credit.isDrainRequested)
        credit.deliverySent()
        credit.completeDrain()
        #expect(credit.deliveryCount == SequenceNumber(7))
        #expect(credit.credit == 0)
        #expect(!credit.isDrainRequested)
    }
}
