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

@Suite struct LinkStateMachineTests {
    static func attached() -> LinkStateMachine {
        var machine = LinkStateMachine()
        _ = machine.attach()
        _ = machine.attachReceived(isRefusal: false)
        return machine
    }

    @Test func weAttach() {
        var machine = LinkStateMachine()
        #expect(machine.attach() == .sendAttach)
        #expect(machine.attach() == .reject)
        #expect(machine.isAttached == false)
        #expect(machine.attachReceived(isRefusal: false) == .reportAttached)
        #expect(machine.isAttached == true)
        #expect(machine.attachReceived(isRefusal: false) == .violation)
    }

    @Test func thePeerAttaches() {
        var machine = LinkStateMachine()
        #expect(machine.accept() == .reject)
        #expect(machine.attachReceived(isRefusal: false) == .request)
        #expect(machine.awaitsAcceptance == true)
        #expect(machine.reception == .open)
        #expect(machine.accept() == .sendAttach)
        #expect(machine.isAttached == true)
        #expect(machine.accept() == .reject)
    }

    @Test func aRefusalIsAnAttachThenADetach() {
        var machine = LinkStateMachine()
        _ = machine.attach()
        #expect(machine.attachReceived(isRefusal: true) == .awaitDetach)
        #expect(machine.isAttached == false)
        #expect(machine.reception == .discarding)
        #expect(machine.detachReceived() == .answerAndReportRefusal)
        #expect(machine.needsEndReport == false)
    }

    @Test func weRefuse() {
        var machine = LinkStateMachine()
        _ = machine.attachReceived(isRefusal: false)
        #expect(machine.detach(isViolation: false) == .sendRefusal)
        #expect(machine.detachReceived() == .reportLocalEnd)
    }

    @Test func weDetach() {
        var machine = Self.attached()
        #expect(machine.detach(isViolation: false) == .sendDetach)
        #expect(machine.detach(isViolation: false) == .none)
        #expect(machine.reception == .discarding)
        #expect(machine.needsEndReport == true)
        #expect(machine.detachReceived() == .reportLocalEnd)
        #expect(machine.detachReceived() == .violation)
    }

    @Test func thePeerDetaches() {
        var machine = Self.attached()
        #expect(machine.detachReceived() == .answerAndReport)
        #expect(machine.detach(isViolation: false) == .none)
    }

    @Test func aViolationIsReportedOnce() {
        var machine = Self.attached()
        #expect(machine.detach(isViolation: true) == .sendDetach)
        #expect(machine.needsEndReport == false)
        #expect(machine.detachReceived() == .forget)
        var second = Self.attached()
        _ = second.detach(isViolation: false)
        #expect(second.detach(isViolation: true) == .none)
        #expect(second.detachReceived() == .forget)
    }

    @Test func detachingBeforeThePeerHasAnswered() {
        var machine = LinkStateMachine()
        _ = machine.attach()
        #expect(machine.detach(isViolation: false) == .sendDetach)
        #expect(machine.attachReceived(isRefusal: false) == .ignore)
        #expect(machine.isAttached == false)
        #expect(machine.detachReceived() == .reportLocalEnd)
    }
}
