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

/// The server's side of SASL: the application decides about the credentials (AMQP 1.0, part 5, section 5.3).
///
/// ```
///   initAwaited ──initReceived──▶ deciding ──decided──▶ done
/// ```
struct SASLServerStateMachine {
    private enum State {
        case initAwaited([SASLMechanism])
        case deciding
        case done
    }

    private var state: State

    init(mechanisms: [SASLMechanism]) { state = .initAwaited(mechanisms) }

    /// Whether the application has to decide before anything else is read.
    var isDeciding: Bool {
        switch state {
        case .deciding: true
        case .initAwaited, .done: false
        }
    }

    enum InitReceivedAction: Equatable, Sendable {
        case askApplication(SASLCredentials)
        /// A mechanism that was not offered, or a malformed response.
        case sendOutcome(SASLOutcome.Code)
        case violation
    }

    /// Fact: the client's choice.
    mutating func initReceived(mechanism: Symbol, initialResponse: [UInt8]?) -> InitReceivedAction {
        switch state {
        case .initAwaited(let offered):
            guard let mechanism = SASLMechanism(rawValue: mechanism.rawValue), offered.contains(mechanism),
                let credentials = SASLCredentials(mechanism: mechanism, initialResponse: initialResponse ?? [])
            else {
                state = .done
                return .sendOutcome(.auth)
            }
            state = .deciding
            return .askApplication(credentials)
        case .deciding:
            return .violation
        case .done:
            return .violation
        }
    }

    enum DecidedAction: Equatable, Sendable {
        case sendOutcome(SASLOutcome.Code)
        case reject
    }

    /// Command: the application's verdict.
    mutating func decided(_ code: SASLOutcome.Code) -> DecidedAction {
        switch state {
        case .deciding:
            state = .done
            return .sendOutcome(code)
        case .initAwaited:
            return .reject
        case .done:
            return .reject
        }
    }
}
