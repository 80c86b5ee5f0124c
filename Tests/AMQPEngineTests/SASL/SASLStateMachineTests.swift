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

@Suite struct SASLStateMachineTests {
    static let plain = SASLCredentials.plain(authorizationID: "", authenticationID: "key-name", password: "key")

    @Test func theClientsOrderDecides() {
        var machine = SASLClientStateMachine(credentials: [.mssbcbs, .anonymous])
        #expect(machine.mechanismsReceived(["PLAIN", "ANONYMOUS", "MSSBCBS"]) == .sendInit(.mssbcbs))
        #expect(machine.outcomeReceived(.ok) == .succeed)
    }

    @Test func theClientTakesWhatIsOffered() {
        var machine = SASLClientStateMachine(credentials: [.mssbcbs, Self.plain])
        #expect(machine.mechanismsReceived(["PLAIN", "ANONYMOUS"]) == .sendInit(Self.plain))
        #expect(machine.outcomeReceived(.auth) == .fail(.auth))
        #expect(machine.outcomeReceived(.ok) == .violation)
    }

    @Test func withoutACommonMechanismTheClientFails() {
        var machine = SASLClientStateMachine(credentials: [Self.plain])
        #expect(machine.mechanismsReceived(["GSSAPI"]) == .fail(offered: ["GSSAPI"]))
        #expect(machine.mechanismsReceived(["PLAIN"]) == .violation)
    }

    @Test func theClientMindsTheOrderOfFrames() {
        var machine = SASLClientStateMachine(credentials: [.anonymous])
        #expect(machine.outcomeReceived(.ok) == .violation)
        #expect(machine.mechanismsReceived(["ANONYMOUS"]) == .sendInit(.anonymous))
        #expect(machine.mechanismsReceived(["ANONYMOUS"]) == .violation)
        #expect(machine.outcomeReceived(.sysTemp) == .fail(.sysTemp))
    }

    @Test func aServerMayFailBeforeItOffersAnything() {
        var machine = SASLClientStateMachine(credentials: [.anonymous])
        #expect(machine.outcomeReceived(.sys) == .fail(.sys))
    }

    @Test func theServerAsksTheApplication() {
        var machine = SASLServerStateMachine(mechanisms: [.plain, .anonymous])
        #expect(machine.isDeciding == false)
        let response = [UInt8]("\u{0}key-name\u{0}key".utf8)
        #expect(machine.initReceived(mechanism: "PLAIN", initialResponse: response) == .askApplication(Self.plain))
        #expect(machine.isDeciding == true)
        #expect(machine.initReceived(mechanism: "PLAIN", initialResponse: response) == .violation)
        #expect(machine.decided(.ok) == .sendOutcome(.ok))
        #expect(machine.decided(.ok) == .reject)
        #expect(machine.isDeciding == false)
    }

    @Test(arguments: [nil, [], [1, 2, 3]] as [[UInt8]?])
    func anonymousTakesAnyResponse(response: [UInt8]?) {
        var machine = SASLServerStateMachine(mechanisms: [.anonymous])
        #expect(machine.initReceived(mechanism: "ANONYMOUS", initialResponse: response) == .askApplication(.anonymous))
    }

    @Test(arguments: ["", "key", "\u{0}key", "\u{0}\u{0}key", "a\u{0}b\u{0}c\u{0}d"])
    func malformedPlainIsTurnedDown(response: String) {
        var machine = SASLServerStateMachine(mechanisms: [.plain])
        #expect(
            machine.initReceived(mechanism: "PLAIN", initialResponse: [UInt8](response.utf8)) == .sendOutcome(.auth)
        )
    }

    @Test(arguments: ["PLAIN", "GSSAPI", "anonymous"] as [Symbol])
    func mechanismsNotOfferedAreTurnedDown(mechanism: Symbol) {
        var machine = SASLServerStateMachine(mechanisms: [.anonymous, .external])
        #expect(machine.initReceived(mechanism: mechanism, initialResponse: nil) == .sendOutcome(.auth))
        #expect(machine.decided(.ok) == .reject)
    }

    @Test func credentialsMakeTheirResponse() {
        #expect(SASLCredentials.anonymous.initialResponse == [])
        #expect(SASLCredentials.mssbcbs.initialResponse == [])
        #expect(SASLCredentials.external(authorizationID: "me").initialResponse == [0x6d, 0x65])
        #expect(Self.plain.initialResponse == [0] + [UInt8]("key-name".utf8) + [0] + [UInt8]("key".utf8))
    }

    @Test func passwordsAreNotShown() {
        let secret = SASLCredentials.plain(authorizationID: "", authenticationID: "user", password: "hunter2")
        #expect(!"\(secret)".contains("hunter2"))
        #expect("\(secret)".contains("user"))
    }
}
