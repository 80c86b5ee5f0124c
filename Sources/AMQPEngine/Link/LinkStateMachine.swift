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

/// Attaching and detaching one link, as either end may begin it (AMQP 1.0, part 2, section 2.6).
///
/// ```
///                attach()                    attachReceived
///   detached ───────────────▶ attachSent ────────────────────▶ attached
///      │                                                          ▲ │
///      │ attachReceived                        accept()           │ │ detach(), or a violation
///      └────────────────────▶ attachReceived ─────────────────────┘ ├───────────▶ detachSent ──▶ detached
///                                                                   │ detachReceived   (the peer's detach)
///                                                                   └───────────▶ detached (answered at once)
/// ```
///
/// The specification names no link states; these are the common ones. A refusal is an `attach` without the terminus of
/// the refusing side, followed by a `detach` with the reason: between the two the link is `refused`.
struct LinkStateMachine: ~Copyable {
    private enum State {
        case detached
        case attachSent
        case attachReceived
        case attached
        /// The peer's attach announced a refusal; its detach says why.
        case refused
        /// Our detach is out. `isReported`: the end has been reported (a violation ends a link at once).
        case detachSent(isReported: Bool)
    }

    private var state: State = .detached

    /// Whether incoming frames of the link have a meaning, or are dropped because the link is ending.
    enum Reception: Equatable, Sendable {
        /// Flows count; the link is half or wholly attached.
        case open
        /// Frames that were under way when we detached.
        case discarding
    }

    var reception: Reception {
        switch state {
        case .detached, .attachSent, .attachReceived, .attached: .open
        case .refused, .detachSent: .discarding
        }
    }

    /// Whether transfers may pass in either direction.
    @inline(__always)
    var isAttached: Bool {
        switch state {
        case .attached: true
        case .detached, .attachSent, .attachReceived, .refused, .detachSent: false
        }
    }

    /// Whether the peer's attach still waits for our answer.
    var awaitsAcceptance: Bool {
        switch state {
        case .attachReceived: true
        case .detached, .attachSent, .attached, .refused, .detachSent: false
        }
    }

    /// Whether our attach still waits for the peer's.
    var awaitsAnswer: Bool {
        switch state {
        case .attachSent: true
        case .detached, .attachReceived, .attached, .refused, .detachSent: false
        }
    }

    enum AttachAction: Equatable, Sendable {
        case sendAttach
        /// The link is not in a state to attach: our driver is wrong.
        case reject
    }

    /// Command: attach from our side.
    mutating func attach() -> AttachAction {
        switch state {
        case .detached:
            state = .attachSent
            return .sendAttach
        case .attachSent, .attachReceived, .attached, .refused, .detachSent:
            return .reject
        }
    }

    enum AttachReceivedAction: Equatable, Sendable {
        /// The peer wants a new link.
        case request
        /// The peer accepted ours.
        case reportAttached
        /// The peer refuses ours; a detach is on its way.
        case awaitDetach
        /// It came after our detach: only the handle matters, for the peer's detach.
        case ignore
        /// The link is attached already.
        case violation
    }

    /// Fact: the peer's attach. `isRefusal`: without the terminus of its side.
    mutating func attachReceived(isRefusal: Bool) -> AttachReceivedAction {
        switch state {
        case .detached:
            state = .attachReceived
            return .request
        case .attachSent:
            if isRefusal {
                state = .refused
                return .awaitDetach
            }
            state = .attached
            return .reportAttached
        case .detachSent:
            return .ignore
        case .attachReceived:
            return .violation
        case .attached:
            return .violation
        case .refused:
            return .violation
        }
    }

    /// Command: accept the peer's attach.
    mutating func accept() -> AttachAction {
        switch state {
        case .attachReceived:
            state = .attached
            return .sendAttach
        case .detached, .attachSent, .attached, .refused, .detachSent:
            return .reject
        }
    }

    enum DetachAction: Equatable, Sendable {
        case sendDetach
        /// An attach has to go first: without a terminus, if the peer waits for an answer.
        case sendRefusal
        /// It is on its way out already.
        case none
    }

    /// Command: detach. A violation is reported at once, an ordinary detach when the peer has answered.
    mutating func detach(isViolation: Bool) -> DetachAction {
        switch state {
        case .attachSent, .attached, .refused:
            state = .detachSent(isReported: isViolation)
            return .sendDetach
        case .attachReceived:
            // Refusing is the end of it as far as our side is concerned.
            state = .detachSent(isReported: isViolation)
            return .sendRefusal
        case .detached:
            return .none
        case .detachSent(let isReported):
            state = .detachSent(isReported: isReported || isViolation)
            return .none
        }
    }

    enum DetachReceivedAction: Equatable, Sendable {
        /// Answer with a detach; the peer ended the link.
        case answerAndReport
        /// Answer with a detach; the peer had refused the link and now said why.
        case answerAndReportRefusal
        /// It answers our own detach.
        case reportLocalEnd
        /// It answers a detach whose reason has been reported.
        case forget
        case violation
    }

    /// Fact: the peer's detach.
    mutating func detachReceived() -> DetachReceivedAction {
        switch state {
        case .attachSent:
            // A detach without an attach before it: some brokers refuse this way.
            state = .detached
            return .answerAndReportRefusal
        case .attachReceived, .attached:
            state = .detached
            return .answerAndReport
        case .refused:
            state = .detached
            return .answerAndReportRefusal
        case .detachSent(let isReported):
            state = .detached
            return isReported ? .forget : .reportLocalEnd
        case .detached:
            return .violation
        }
    }

    /// Whether the end of this link still has to be reported when its session or connection goes away.
    var needsEndReport: Bool {
        switch state {
        case .detachSent(let isReported): !isReported
        case .detached: false
        case .attachSent, .attachReceived, .attached, .refused: true
        }
    }
}
