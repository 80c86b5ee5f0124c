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

internal import AMQPCodec

/// The SASL layer of a connection, whichever end we are: tells frames that have no place there from those that do.
enum SASLStateMachine {
    case client(SASLClientStateMachine)
    case server(SASLServerStateMachine)

    enum ReceivedAction: Equatable, Sendable {
        case sendInit(SASLCredentials)
        case askApplication(SASLCredentials)
        /// Client: the server is content.
        case succeed
        case fail(SASLFailure)
        /// Server: tell the client that it cannot be.
        case sendFailure(SASLOutcome.Code)
        case violation
    }

    /// Whether the application has to decide before anything else is read.
    var isDeciding: Bool {
        switch self {
        case .client: false
        case .server(let machine): machine.isDeciding
        }
    }

    /// Fact: a SASL frame. Challenges and responses have no place in the mechanisms we know.
    mutating func received(_ frame: SASLFrameBody) -> ReceivedAction {
        switch (self, frame) {
        case (.client(var machine), .mechanisms(let body)):
            let action = machine.mechanismsReceived(body.mechanisms)
            self = .client(machine)
            switch action {
            case .sendInit(let credentials): return .sendInit(credentials)
            case .fail(let offered): return .fail(.noCommonMechanism(offered: offered))
            case .violation: return .violation
            }
        case (.client(var machine), .outcome(let body)):
            let action = machine.outcomeReceived(body.code)
            self = .client(machine)
            switch action {
            case .succeed: return .succeed
            case .fail(let code): return .fail(.rejected(code))
            case .violation: return .violation
            }
        case (.server(var machine), .saslInit(let body)):
            let action = machine.initReceived(mechanism: body.mechanism, initialResponse: body.initialResponse)
            self = .server(machine)
            switch action {
            case .askApplication(let credentials): return .askApplication(credentials)
            case .sendOutcome(let code): return .sendFailure(code)
            case .violation: return .violation
            }
        case (.client, .saslInit), (.client, .challenge), (.client, .response), (.server, .mechanisms),
            (.server, .challenge), (.server, .response), (.server, .outcome):
            return .violation
        }
    }

    /// Command: the application's verdict.
    mutating func decided(_ code: SASLOutcome.Code) -> SASLServerStateMachine.DecidedAction {
        switch self {
        case .client:
            return .reject
        case .server(var machine):
            let action = machine.decided(code)
            self = .server(machine)
            return action
        }
    }
}
