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

/// Beginning and ending one session (AMQP 1.0, part 2, section 2.5.5).
///
/// ```
///                 begin(on:)                       beginReceived(on:)
///   unmapped ────────────────────▶ beginSent ─────────────────────────────▶ mapped
///      │                                                                     ▲ │
///      │ beginReceived(on:)                             accept(on:)          │ │ end()
///      └────────────────────────▶ beginReceived ─────────────────────────────┘ ├───────────▶ endSent ─▶ unmapped
///                                                                              │ violated()
///                                                                              ├───────────▶ discarding ─▶ unmapped
///                                                                              │ endReceived()
///                                                                              └───────────▶ unmapped (answered at once)
/// ```
///
/// In `endSent` and `discarding` everything but the peer's `end` is dropped.
struct SessionStateMachine: ~Copyable {
    private enum State {
        case unmapped
        case beginSent(OutgoingChannel)
        case beginReceived(IncomingChannel)
        case mapped(OutgoingChannel, IncomingChannel)
        /// `incoming` is nil as long as the peer has not answered our begin.
        case endSent(OutgoingChannel, IncomingChannel?)
        /// Like `endSent`, but the reason has been reported.
        case discarding(OutgoingChannel, IncomingChannel?)
    }

    private var state: State = .unmapped

    /// The channel we write to.
    var outgoingChannel: OutgoingChannel? {
        switch state {
        case .unmapped, .beginReceived: nil
        case .beginSent(let outgoing), .mapped(let outgoing, _), .endSent(let outgoing, _),
            .discarding(let outgoing, _):
            outgoing
        }
    }

    /// The channel the peer writes to.
    var incomingChannel: IncomingChannel? {
        switch state {
        case .unmapped, .beginSent: nil
        case .beginReceived(let incoming), .mapped(_, let incoming): incoming
        case .endSent(_, let incoming), .discarding(_, let incoming): incoming
        }
    }

    /// Whether links may be attached and transfers sent.
    @inline(__always)
    var isMapped: Bool {
        switch state {
        case .mapped: true
        case .unmapped, .beginSent, .beginReceived, .endSent, .discarding: false
        }
    }

    /// Whether frames of the session have a meaning, or are dropped because it is ending.
    var isReceptive: Bool {
        switch state {
        case .beginReceived, .mapped: true
        case .unmapped, .beginSent, .endSent, .discarding: false
        }
    }

    /// Whether the peer's begin still waits for our answer.
    var awaitsAcceptance: Bool {
        switch state {
        case .beginReceived: true
        case .unmapped, .beginSent, .mapped, .endSent, .discarding: false
        }
    }

    /// Whether the end still has to be reported when the connection goes away.
    var needsEndReport: Bool {
        switch state {
        case .beginSent, .beginReceived, .mapped, .endSent: true
        case .unmapped, .discarding: false
        }
    }

    enum BeginAction: Equatable, Sendable {
        /// Send a begin; `remoteChannel` is set when it answers the peer's.
        case sendBegin(OutgoingChannel, remoteChannel: IncomingChannel?)
        case reject
    }

    /// Command: begin a session on a channel of ours.
    mutating func begin(on outgoing: OutgoingChannel) -> BeginAction {
        switch state {
        case .unmapped:
            state = .beginSent(outgoing)
            return .sendBegin(outgoing, remoteChannel: nil)
        case .beginSent, .beginReceived, .mapped, .endSent, .discarding:
            return .reject
        }
    }

    /// Command: accept the session that the peer began.
    mutating func accept(on outgoing: OutgoingChannel) -> BeginAction {
        switch state {
        case .beginReceived(let incoming):
            state = .mapped(outgoing, incoming)
            return .sendBegin(outgoing, remoteChannel: incoming)
        case .unmapped, .beginSent, .mapped, .endSent, .discarding:
            return .reject
        }
    }

    enum BeginReceivedAction: Equatable, Sendable {
        /// The peer wants a new session.
        case request
        /// The peer accepted ours.
        case reportBegan
        /// It came after our end: only its channel matters.
        case ignore
        case violation
    }

    /// Fact: the peer's begin, on the channel it will write to.
    mutating func beginReceived(on incoming: IncomingChannel) -> BeginReceivedAction {
        switch state {
        case .unmapped:
            state = .beginReceived(incoming)
            return .request
        case .beginSent(let outgoing):
            state = .mapped(outgoing, incoming)
            return .reportBegan
        case .endSent(let outgoing, .none):
            state = .endSent(outgoing, incoming)
            return .ignore
        case .discarding(let outgoing, .none):
            state = .discarding(outgoing, incoming)
            return .ignore
        case .beginReceived, .mapped, .endSent, .discarding:
            return .violation
        }
    }

    enum EndAction: Equatable, Sendable {
        case sendEnd(OutgoingChannel)
        /// A begin has to go first: the peer waits for one.
        case sendBeginAndEnd(OutgoingChannel, remoteChannel: IncomingChannel)
        case none
    }

    /// Command: end the session. `spare` is the channel to use if the peer's begin has not been answered.
    mutating func end(spare: OutgoingChannel?, isViolation: Bool) -> EndAction {
        switch state {
        case .beginSent(let outgoing):
            state = isViolation ? .discarding(outgoing, nil) : .endSent(outgoing, nil)
            return .sendEnd(outgoing)
        case .mapped(let outgoing, let incoming):
            state = isViolation ? .discarding(outgoing, incoming) : .endSent(outgoing, incoming)
            return .sendEnd(outgoing)
        case .beginReceived(let incoming):
            guard let spare else {
                state = .beginReceived(incoming)
                return .none
            }
            state = isViolation ? .discarding(spare, incoming) : .endSent(spare, incoming)
            return .sendBeginAndEnd(spare, remoteChannel: incoming)
        case .endSent(let outgoing, let incoming):
            state = isViolation ? .discarding(outgoing, incoming) : .endSent(outgoing, incoming)
            return .none
        case .unmapped:
            return .none
        case .discarding:
            return .none
        }
    }

    enum EndReceivedAction: Equatable, Sendable {
        /// Answer with an end; the peer ended the session.
        case answerAndReport(OutgoingChannel)
        /// The peer ended a session that we never answered: nothing of ours is on the wire.
        case reportUnanswered
        /// It answers our end.
        case reportLocalEnd
        /// It answers an end whose reason has been reported.
        case forget
        case violation
    }

    /// Fact: the peer's end.
    mutating func endReceived() -> EndReceivedAction {
        switch state {
        case .mapped(let outgoing, _):
            state = .unmapped
            return .answerAndReport(outgoing)
        case .beginReceived:
            state = .unmapped
            return .reportUnanswered
        case .endSent:
            state = .unmapped
            return .reportLocalEnd
        case .discarding:
            state = .unmapped
            return .forget
        case .unmapped:
            return .violation
        case .beginSent:
            return .violation
        }
    }
}
