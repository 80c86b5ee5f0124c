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

import AMQPCodec
import Testing

@testable import AMQPEngine

@Suite struct ConnectionStateMachineTests {
    static func client(_ credentials: [SASLCredentials] = [], pipelinesOpen: Bool = true) -> ConnectionStateMachine {
        ConnectionStateMachine(policy: .client(credentials: credentials, pipelinesOpen: pipelinesOpen))
    }

    static func server(
        _ mechanisms: [SASLMechanism] = [],
        requiresSASL: Bool = false,
        pipelinesOpen: Bool = false
    ) -> ConnectionStateMachine {
        ConnectionStateMachine(
            policy: .server(mechanisms: mechanisms, requiresSASL: requiresSASL, pipelinesOpen: pipelinesOpen)
        )
    }

    static func openedClient() -> ConnectionStateMachine {
        var machine = client()
        _ = machine.open()
        _ = machine.headerReceived(.amqp)
        _ = machine.openReceived()
        return machine
    }

    static let offer = SASLFrameBody.mechanisms(SASLMechanisms(mechanisms: ["ANONYMOUS"]))
    static let success = SASLFrameBody.outcome(SASLOutcome(code: .ok))
    static let initialization = SASLFrameBody.saslInit(SASLInit(mechanism: "ANONYMOUS"))

    @Test func aClientPipelinesItsOpen() {
        var machine = Self.client()
        #expect(machine.open() == .sendHeaderAndOpen)
        #expect(machine.open() == .none)
        #expect(machine.expectation == .protocolHeader)
        #expect(machine.headerReceived(.amqp) == .none)
        #expect(machine.expectation == .amqpFrame)
        #expect(machine.isOpened == false)
        #expect(machine.openReceived() == .report)
        #expect(machine.isOpened == true)
    }

    @Test func aClientCanWaitForTheHeader() {
        var machine = Self.client(pipelinesOpen: false)
        #expect(machine.open() == .sendHeader)
        #expect(machine.headerReceived(.amqp) == .sendOpen)
        #expect(machine.openReceived() == .report)
    }

    @Test func aClientAuthenticatesFirst() {
        var machine = Self.client([.anonymous])
        #expect(machine.open() == .sendSASLHeader)
        #expect(machine.headerReceived(.sasl) == .none)
        #expect(machine.expectation == .saslFrame)
        #expect(machine.saslReceived(Self.offer) == .sendInit(.anonymous))
        #expect(machine.saslReceived(Self.success) == .sendHeaderAndOpen)
        #expect(machine.expectation == .protocolHeader)
        #expect(machine.headerReceived(.amqp) == .none)
        #expect(machine.openReceived() == .report)
    }

    @Test func aRejectedClientIsAtItsEnd() {
        var machine = Self.client([.anonymous])
        _ = machine.open()
        _ = machine.headerReceived(.sasl)
        _ = machine.saslReceived(Self.offer)
        #expect(machine.saslReceived(.outcome(SASLOutcome(code: .auth))) == .failed(.rejected(.auth)))
        #expect(machine.isEnded == true)
        #expect(machine.expectation == .nothing)
    }

    @Test func aServerAnswersEachLayer() {
        var machine = Self.server([.anonymous], requiresSASL: true)
        #expect(machine.open() == .none)
        #expect(machine.headerReceived(.sasl) == .sendSASLHeaderAndMechanisms([.anonymous]))
        #expect(machine.saslReceived(Self.initialization) == .askApplication(.anonymous))
        #expect(machine.expectation == .decision)
        #expect(machine.authenticationDecided(.ok) == .sendOutcome(.ok))
        #expect(machine.expectation == .protocolHeader)
        #expect(machine.headerReceived(.amqp) == .sendHeader)
        #expect(machine.openReceived() == .sendOpenAndReport)
        #expect(machine.isOpened == true)
    }

    @Test func aServerMayPipelineItsOpen() {
        var machine = Self.server(pipelinesOpen: true)
        #expect(machine.headerReceived(.amqp) == .sendHeaderAndOpen)
        #expect(machine.openReceived() == .report)
        var other = Self.server()
        #expect(other.headerReceived(.amqp) == .sendHeader)
        #expect(other.open() == .sendOpen)
        #expect(other.openReceived() == .report)
    }

    @Test func aServerTurnsCredentialsDown() {
        var machine = Self.server([.anonymous])
        _ = machine.headerReceived(.sasl)
        _ = machine.saslReceived(Self.initialization)
        #expect(machine.authenticationDecided(.auth) == .sendOutcomeAndEnd(.auth))
        #expect(machine.isEnded == true)
        #expect(machine.authenticationDecided(.ok) == .reject)
    }

    @Test func wrongHeadersAreAnsweredWithTheRightOne() {
        var strict = Self.server([.anonymous], requiresSASL: true)
        #expect(strict.headerReceived(.amqp) == .mismatch(answer: .sasl))
        #expect(strict.isEnded == true)
        var tls = Self.server([.anonymous])
        #expect(tls.headerReceived(ProtocolHeader(id: 2)) == .mismatch(answer: .sasl))
        var old = Self.server()
        #expect(old.headerReceived(ProtocolHeader(id: 0, major: 0, minor: 9, revision: 1)) == .mismatch(answer: .amqp))
        var noSASL = Self.server()
        #expect(noSASL.headerReceived(.sasl) == .mismatch(answer: .amqp))
        var twice = Self.server([.anonymous])
        _ = twice.headerReceived(.sasl)
        _ = twice.saslReceived(Self.initialization)
        _ = twice.authenticationDecided(.ok)
        #expect(twice.headerReceived(.sasl) == .mismatch(answer: .amqp))
        var client = Self.client()
        _ = client.open()
        #expect(client.headerReceived(.sasl) == .mismatch(answer: nil))
        #expect(client.isEnded == true)
    }

    @Test func saslHasItsOrder() {
        var client = Self.client([.anonymous])
        _ = client.open()
        _ = client.headerReceived(.sasl)
        #expect(client.saslReceived(Self.initialization) == .violation)
        #expect(client.saslReceived(.challenge(SASLChallenge(challenge: []))) == .violation)
        var server = Self.server([.anonymous])
        _ = server.headerReceived(.sasl)
        #expect(server.saslReceived(Self.success) == .violation)
        #expect(server.saslReceived(.response(SASLResponse(response: []))) == .violation)
        var opened = Self.openedClient()
        #expect(opened.saslReceived(Self.success) == .violation)
        #expect(opened.openReceived() == .violation)
    }

    @Test func closingTakesBothEnds() {
        var first = Self.openedClient()
        #expect(first.close(isViolation: false) == .sendClose)
        #expect(first.close(isViolation: false) == .none)
        #expect(first.isDiscarding == true)
        #expect(first.closeReceived() == .reportLocalEnd)
        #expect(first.isEnded == true)
        var second = Self.openedClient()
        #expect(second.closeReceived() == .answerAndReport)
        #expect(second.isEnded == true)
        #expect(second.close(isViolation: false) == .none)
    }

    @Test func afterAViolationOnlyTheCloseCounts() {
        var machine = Self.openedClient()
        #expect(machine.close(isViolation: true) == .sendClose)
        #expect(machine.isDiscarding == true)
        #expect(machine.expectation == .amqpFrame)
        #expect(machine.closeReceived() == .forget)
        #expect(machine.isEnded == true)
    }

    @Test func closingBeforeTheOtherHasOpened() {
        var pipe = Self.client()
        _ = pipe.open()
        #expect(pipe.close(isViolation: false) == .sendClose)
        #expect(pipe.headerReceived(.amqp) == .none)
        #expect(pipe.openReceived() == .ignore)
        #expect(pipe.closeReceived() == .reportLocalEnd)
        var sent = Self.client()
        _ = sent.open()
        _ = sent.headerReceived(.amqp)
        #expect(sent.close(isViolation: false) == .sendClose)
        #expect(sent.closeReceived() == .reportLocalEnd)
        var server = Self.server()
        _ = server.headerReceived(.amqp)
        #expect(server.close(isViolation: false) == .sendOpenAndClose)
        var early = Self.server()
        _ = early.headerReceived(.amqp)
        #expect(early.closeReceived() == .sendOpenAnswerAndReport)
    }

    @Test func beforeAnythingIsOpenThereIsNothingToClose() {
        var machine = Self.client([.anonymous])
        #expect(machine.close(isViolation: false) == .end)
        #expect(machine.isEnded == true)
        var authenticating = Self.client([.anonymous])
        _ = authenticating.open()
        _ = authenticating.headerReceived(.sasl)
        #expect(authenticating.close(isViolation: true) == .end)
    }
}
