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

@Suite struct SessionStateMachineTests {
    static let ours = OutgoingChannel(rawValue: 3)
    static let theirs = IncomingChannel(rawValue: 8)

    static func mapped() -> SessionStateMachine {
        var machine = SessionStateMachine()
        _ = machine.begin(on: ours)
        _ = machine.beginReceived(on: theirs)
        return machine
    }

    @Test func weBegin() {
        var machine = SessionStateMachine()
        #expect(machine.begin(on: Self.ours) == .sendBegin(Self.ours, remoteChannel: nil))
        #expect(machine.isMapped == false)
        #expect(machine.begin(on: Self.ours) == .reject)
        #expect(machine.beginReceived(on: Self.theirs) == .reportBegan)
        #expect(machine.isMapped == true)
        #expect(machine.outgoingChannel == Self.ours)
        #expect(machine.incomingChannel == Self.theirs)
        #expect(machine.beginReceived(on: Self.theirs) == .violation)
    }

    @Test func thePeerBegins() {
        var machine = SessionStateMachine()
        #expect(machine.beginReceived(on: Self.theirs) == .request)
        #expect(machine.awaitsAcceptance == true)
        #expect(machine.isReceptive == true)
        #expect(machine.accept(on: Self.ours) == .sendBegin(Self.ours, remoteChannel: Self.theirs))
        #expect(machine.isMapped == true)
        #expect(machine.accept(on: Self.ours) == .reject)
    }

    @Test func weEnd() {
        var machine = Self.mapped()
        #expect(machine.end(spare: nil, isViolation: false) == .sendEnd(Self.ours))
        #expect(machine.isReceptive == false)
        #expect(machine.needsEndReport == true)
        #expect(machine.end(spare: nil, isViolation: false) == .none)
        #expect(machine.endReceived() == .reportLocalEnd)
        #expect(machine.needsEndReport == false)
        #expect(machine.endReceived() == .violation)
    }

    @Test func thePeerEnds() {
        var machine = Self.mapped()
        #expect(machine.endReceived() == .answerAndReport(Self.ours))
        #expect(machine.outgoingChannel == nil)
        #expect(machine.end(spare: nil, isViolation: false) == .none)
    }

    @Test func aViolationIsReportedOnce() {
        var machine = Self.mapped()
        #expect(machine.end(spare: nil, isViolation: true) == .sendEnd(Self.ours))
        #expect(machine.needsEndReport == false)
        #expect(machine.isReceptive == false)
        #expect(machine.endReceived() == .forget)
    }

    @Test func endingBeforeThePeerHasAnswered() {
        var machine = SessionStateMachine()
        _ = machine.begin(on: Self.ours)
        #expect(machine.end(spare: nil, isViolation: false) == .sendEnd(Self.ours))
        #expect(machine.beginReceived(on: Self.theirs) == .ignore)
        #expect(machine.incomingChannel == Self.theirs)
        #expect(machine.endReceived() == .reportLocalEnd)
    }

    @Test func refusingAPeersSession() {
        var machine = SessionStateMachine()
        _ = machine.beginReceived(on: Self.theirs)
        #expect(
            machine.end(spare: Self.ours, isViolation: false) == .sendBeginAndEnd(Self.ours, remoteChannel: Self.theirs)
        )
        #expect(machine.endReceived() == .reportLocalEnd)
        var early = SessionStateMachine()
        _ = early.beginReceived(on: Self.theirs)
        #expect(early.endReceived() == .reportUnanswered)
    }

    @Test func anEndWithoutBeginIsAViolation() {
        var machine = SessionStateMachine()
        _ = machine.begin(on: Self.ours)
        #expect(machine.endReceived() == .violation)
    }
}
