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

/// The client's side of SASL: one of four mechanisms, none of which has a challenge (AMQP 1.0, part 5, section 5.3).
///
/// ```
///   mechanismsAwaited ──mechanismsReceived──▶ outcomeAwaited ──outcomeReceived──▶ done
/// ```
struct SASLClientStateMachine {
    private enum State {
        /// What we can offer, best first.
        case mechanismsAwaited([SASLCredentials])
        case outcomeAwaited
        case done
    }

    private var state: State

    init(credentials: [SASLCredentials]) { state = .mechanismsAwaited(credentials) }

    enum MechanismsReceivedAction: Equatable, Sendable {
        case sendInit(SASLCredentials)
        /// The server offers nothing that we have credentials for.
        case fail(offered: [Symbol])
        case violation
    }

    /// Fact: the server's list. Our order of preference decides, not the server's.
    mutating func mechanismsReceived(_ offered: [Symbol]) -> MechanismsReceivedAction {
        switch state {
        case .mechanismsAwaited(let credentials):
            let names = Set(offered.map(\.rawValue))
            guard let chosen = credentials.first(where: { names.contains($0.mechanism.rawValue) }) else {
                state = .done
                return .fail(offered: offered)
            }
            state = .outcomeAwaited
            return .sendInit(chosen)
        case .outcomeAwaited:
            return .violation
        case .done:
            return .violation
        }
    }

    enum OutcomeReceivedAction: Equatable, Sendable {
        case succeed
        case fail(SASLOutcome.Code)
        case violation
    }

    /// Fact: the server's verdict. A failure may come in place of the mechanisms.
    mutating func outcomeReceived(_ code: SASLOutcome.Code) -> OutcomeReceivedAction {
        switch state {
        case .mechanismsAwaited(let credentials):
            guard code == .ok else {
                state = .done
                return .fail(code)
            }
            state = .mechanismsAwaited(credentials)
            return .violation
        case .outcomeAwaited:
            state = .done
            return code == .ok ? .succeed : .fail(code)
        case .done:
            return .violation
        }
    }
}
