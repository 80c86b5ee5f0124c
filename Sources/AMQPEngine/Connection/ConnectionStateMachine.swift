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

/// Opening and closing a connection (AMQP 1.0, part 2, section 2.4.6), with the SASL layer in front (part 5, section 5.3).
///
/// ```
///  client:  start ─▶ saslHeaderSent ─▶ authenticating ─▶ openPipe ─▶ openSent ─▶ opened        (or headerSent ─▶ headersExchanged)
///  server:  start ─▶ authenticating ─▶ authenticated ─▶ headersExchanged ─▶ opened             (or openSent, when it pipelines)
///
///  opened ──close()──▶ closeSent ──closeReceived──▶ end        a violation: discarding instead of closeSent
///  opened ──closeReceived──▶ end (answered at once)             openPipe ─close()▶ openClosePipe, openSent ─close()▶ closePipe
/// ```
///
/// The states carry the specification's names. Three of them do not appear because they would not last: a header, an open and a
/// close of the peer are answered in the same call (`headerReceived`, `openReceived`, `closeReceived`).
/// In `discarding` everything but the peer's `close` is dropped.
struct ConnectionStateMachine: ~Copyable {
    private enum State {
        case start
        case saslHeaderSent
        case authenticating(SASLStateMachine)
        case authenticated
        case headerSent
        case headersExchanged
        case openPipe
        case openClosePipe
        case openSent
        case closePipe
        case opened
        case closeSent
        case discarding
        case end
    }

    private let policy: HeaderPolicy
    private var state: State = .start

    init(policy: HeaderPolicy) { self.policy = policy }

    /// What the next bytes from the peer have to be.
    var expectation: ConnectionExpectation {
        switch state {
        case .start, .saslHeaderSent, .authenticated, .headerSent, .openPipe, .openClosePipe: .protocolHeader
        case .authenticating(let sasl): sasl.isDeciding ? .decision : .saslFrame
        case .headersExchanged, .openSent, .closePipe, .opened, .closeSent, .discarding: .amqpFrame
        case .end: .nothing
        }
    }

    @inline(__always)
    var isOpened: Bool { if case .opened = state { true } else { false } }

    /// Whether the peer's frames other than `close` are dropped.
    var isDiscarding: Bool {
        switch state {
        case .closePipe, .closeSent, .discarding: true
        case .start, .saslHeaderSent, .authenticating, .authenticated, .headerSent, .headersExchanged, .openPipe,
            .openClosePipe, .openSent, .opened, .end:
            false
        }
    }

    var isEnded: Bool { if case .end = state { true } else { false } }

    enum StartAction: Equatable, Sendable {
        case sendSASLHeader
        case sendHeader
        case sendHeaderAndOpen
        case sendOpen
        /// Nothing to do: the peer begins, or it has begun already.
        case none
    }

    /// Command: open the connection. A server's waits for the client's header.
    mutating func open() -> StartAction {
        switch state {
        case .start:
            switch policy {
            case .client(let credentials, let pipelinesOpen):
                guard credentials.isEmpty else {
                    state = .saslHeaderSent
                    return .sendSASLHeader
                }
                return sendHeader(pipelinesOpen: pipelinesOpen)
            case .server:
                state = .start
                return .none
            }
        case .headersExchanged:
            state = .openSent
            return .sendOpen
        case .saslHeaderSent, .authenticating, .authenticated, .headerSent, .openPipe, .openClosePipe, .openSent,
            .closePipe, .opened, .closeSent, .discarding, .end:
            return .none
        }
    }

    /// Only from a branch that has consumed the state.
    private mutating func sendHeader(pipelinesOpen: Bool) -> StartAction {
        state = pipelinesOpen ? .openPipe : .headerSent
        return pipelinesOpen ? .sendHeaderAndOpen : .sendHeader
    }

    enum HeaderReceivedAction: Equatable, Sendable {
        case none
        case sendOpen
        /// Answer with the same header.
        case sendHeader
        case sendHeaderAndOpen
        case sendSASLHeaderAndMechanisms([SASLMechanism])
        /// Not a header we can go on with. A server says which one it wants, then both hang up.
        case mismatch(answer: ProtocolHeader?)
    }

    /// Fact: eight bytes where a header has to be.
    mutating func headerReceived(_ header: ProtocolHeader) -> HeaderReceivedAction {
        switch policy {
        case .client(let credentials, _):
            clientHeaderReceived(header, credentials: credentials)
        case .server(let mechanisms, let requiresSASL, let pipelinesOpen):
            serverHeaderReceived(
                header,
                mechanisms: mechanisms,
                requiresSASL: requiresSASL,
                pipelinesOpen: pipelinesOpen
            )
        }
    }

    private mutating func clientHeaderReceived(
        _ header: ProtocolHeader,
        credentials: [SASLCredentials]
    ) -> HeaderReceivedAction {
        switch state {
        case .saslHeaderSent where header == .sasl:
            state = .authenticating(.client(SASLClientStateMachine(credentials: credentials)))
            return .none
        case .headerSent where header == .amqp:
            state = .openSent
            return .sendOpen
        case .openPipe where header == .amqp:
            state = .openSent
            return .none
        case .openClosePipe where header == .amqp:
            state = .closePipe
            return .none
        case .start, .saslHeaderSent, .authenticating, .authenticated, .headerSent, .headersExchanged, .openPipe,
            .openClosePipe, .openSent, .closePipe, .opened, .closeSent, .discarding, .end:
            state = .end
            return .mismatch(answer: nil)
        }
    }

    private mutating func serverHeaderReceived(
        _ header: ProtocolHeader,
        mechanisms: [SASLMechanism],
        requiresSASL: Bool,
        pipelinesOpen: Bool
    ) -> HeaderReceivedAction {
        switch state {
        case .start where header == .sasl && !mechanisms.isEmpty:
            state = .authenticating(.server(SASLServerStateMachine(mechanisms: mechanisms)))
            return .sendSASLHeaderAndMechanisms(mechanisms)
        case .start where header == .amqp && (mechanisms.isEmpty || !requiresSASL):
            return answerHeader(pipelinesOpen: pipelinesOpen)
        case .authenticated where header == .amqp:
            return answerHeader(pipelinesOpen: pipelinesOpen)
        case .start:
            state = .end
            return .mismatch(answer: mechanisms.isEmpty ? .amqp : .sasl)
        case .saslHeaderSent, .authenticating, .authenticated, .headerSent, .headersExchanged, .openPipe,
            .openClosePipe, .openSent, .closePipe, .opened, .closeSent, .discarding, .end:
            state = .end
            return .mismatch(answer: .amqp)
        }
    }

    /// Only from a branch that has consumed the state.
    private mutating func answerHeader(pipelinesOpen: Bool) -> HeaderReceivedAction {
        state = pipelinesOpen ? .openSent : .headersExchanged
        return pipelinesOpen ? .sendHeaderAndOpen : .sendHeader
    }

    enum SASLReceivedAction: Equatable, Sendable {
        case sendInit(SASLCredentials)
        case sendHeader
        case sendHeaderAndOpen
        case askApplication(SASLCredentials)
        /// Tell the client, then hang up.
        case sendOutcomeAndEnd(SASLOutcome.Code)
        case failed(SASLFailure)
        case violation
    }

    /// Fact: a SASL frame.
    mutating func saslReceived(_ frame: SASLFrameBody) -> SASLReceivedAction {
        guard case .authenticating(var sasl) = state else { return .violation }
        let action = sasl.received(frame)
        state = .authenticating(sasl)
        switch action {
        case .sendInit(let credentials): return .sendInit(credentials)
        case .askApplication(let credentials): return .askApplication(credentials)
        case .violation: return .violation
        case .fail(let failure):
            state = .end
            return .failed(failure)
        case .sendFailure(let code):
            state = .end
            return .sendOutcomeAndEnd(code)
        case .succeed:
            guard case .client(_, let pipelinesOpen) = policy else { return .violation }
            return sendHeader(pipelinesOpen: pipelinesOpen) == .sendHeaderAndOpen ? .sendHeaderAndOpen : .sendHeader
        }
    }

    enum AuthenticationDecidedAction: Equatable, Sendable {
        case sendOutcome(SASLOutcome.Code)
        case sendOutcomeAndEnd(SASLOutcome.Code)
        case reject
    }

    /// Command: the application's verdict about the credentials.
    mutating func authenticationDecided(_ code: SASLOutcome.Code) -> AuthenticationDecidedAction {
        guard case .authenticating(var sasl) = state, case .sendOutcome(let code) = sasl.decided(code) else {
            return .reject
        }
        state = code == .ok ? .authenticated : .end
        return code == .ok ? .sendOutcome(code) : .sendOutcomeAndEnd(code)
    }

    enum OpenReceivedAction: Equatable, Sendable {
        case report
        case sendOpenAndReport
        /// We are closing already.
        case ignore
        case violation
    }

    /// Fact: the peer's open.
    mutating func openReceived() -> OpenReceivedAction {
        switch state {
        case .openSent:
            state = .opened
            return .report
        case .headersExchanged:
            state = .opened
            return .sendOpenAndReport
        case .closePipe:
            state = .closeSent
            return .ignore
        case .discarding:
            return .ignore
        case .start, .saslHeaderSent, .authenticating, .authenticated, .headerSent, .openPipe, .openClosePipe, .opened,
            .closeSent, .end:
            return .violation
        }
    }

    enum CloseAction: Equatable, Sendable {
        case sendClose
        /// The peer waits for an open before it can understand a close.
        case sendOpenAndClose
        /// Nothing of ours that a close could end: just hang up.
        case end
        case none
    }

    /// Command: close. After a violation everything the peer still sends is dropped.
    mutating func close(isViolation: Bool) -> CloseAction {
        switch state {
        case .opened:
            state = isViolation ? .discarding : .closeSent
            return .sendClose
        case .openSent:
            state = isViolation ? .discarding : .closePipe
            return .sendClose
        case .headersExchanged:
            state = isViolation ? .discarding : .closePipe
            return .sendOpenAndClose
        case .openPipe:
            state = .openClosePipe
            return .sendClose
        case .start, .saslHeaderSent, .authenticating, .authenticated, .headerSent:
            state = .end
            return .end
        case .openClosePipe:
            return .none
        case .closePipe:
            return .none
        case .closeSent:
            return .none
        case .discarding:
            return .none
        case .end:
            return .none
        }
    }

    enum CloseReceivedAction: Equatable, Sendable {
        case answerAndReport
        /// It comes before our open: we owe that first.
        case sendOpenAnswerAndReport
        /// It answers our close.
        case reportLocalEnd
        /// It answers a close whose reason has been reported.
        case forget
        case violation
    }

    /// Fact: the peer's close.
    mutating func closeReceived() -> CloseReceivedAction {
        switch state {
        case .opened, .openSent:
            state = .end
            return .answerAndReport
        case .headersExchanged:
            state = .end
            return .sendOpenAnswerAndReport
        case .closeSent, .closePipe:
            state = .end
            return .reportLocalEnd
        case .discarding:
            state = .end
            return .forget
        case .start, .saslHeaderSent, .authenticating, .authenticated, .headerSent, .openPipe, .openClosePipe, .end:
            return .violation
        }
    }

    /// Fact: the stream is gone, or we give up waiting.
    mutating func terminate() { state = .end }
}
