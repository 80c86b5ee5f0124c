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
import AMQPDriver
import AMQPEngine
import AMQPTransport

extension AMQPError {
    static func cancelled(_ scope: Scope = .delivery) -> AMQPError {
        AMQPError(code: .cancelled, scope: scope, initiator: .application, message: "the task was cancelled")
    }

    static func timedOut(_ what: String, scope: Scope) -> AMQPError {
        AMQPError(code: .timedOut, scope: scope, initiator: .library, message: "\(what) took too long")
    }

    static func remote(_ code: Code, _ scope: Scope, _ error: AMQPErrorInfo?, _ otherwise: String) -> AMQPError {
        AMQPError(
            code: code,
            scope: scope,
            initiator: .remote,
            condition: error?.condition,
            message: error?.description ?? otherwise,
            info: error?.info
        )
    }

    /// The error of an attempt to connect.
    init(connecting error: TransportError) {
        self.init(
            code: error.code == .cancelled ? .cancelled : error.code == .timedOut ? .timedOut : .connectFailed,
            scope: .transport,
            initiator: error.code == .cancelled ? .application : .library,
            message: "\(error)",
            underlying: error
        )
    }

    /// What a connection's end means to whoever still waits for something.
    init(_ end: DriverEnd) {
        switch end {
        case .connection(let end): self.init(end)
        case .transport(let error):
            self.init(
                code: .connectionLost,
                scope: .transport,
                initiator: .remote,
                message: "\(error)",
                underlying: error
            )
        case .terminated:
            self = .closedHere
        }
    }

    /// The connection was closed by its user.
    static var closedHere: AMQPError {
        AMQPError(
            code: .connectionClosed,
            scope: .connection,
            initiator: .application,
            message: "the connection was closed"
        )
    }

    init(_ end: ConnectionEnd) {
        func lost(_ message: String, _ scope: Scope = .connection, code: Code = .connectionLost) -> AMQPError {
            AMQPError(code: code, scope: scope, initiator: .remote, message: message)
        }
        switch end {
        case .closedLocally:
            self = .closedHere
        case .closedByPeer(let error):
            self = .remote(.connectionClosed, .connection, error, "the peer closed the connection")
        case .violation(let violation):
            self.init(violation)
        case .authenticationFailed(let failure):
            self = lost(Self.text(of: failure), code: .authenticationFailed)
        case .protocolMismatch(let header):
            let received = header.map { "the peer answered with the protocol header \($0)" }
            self = lost(received ?? "the peer does not speak AMQP", code: .protocolViolation)
        case .idleTimedOut:
            self = lost("the peer was silent for longer than the idle time-out")
        case .handshakeTimedOut:
            self = lost("the peer did not open the connection in time", code: .timedOut)
        case .closeTimedOut:
            self = lost("the peer did not answer the close in time", code: .timedOut)
        case .streamEnded(let midFrame):
            self = lost(midFrame ? "the stream ended in the middle of a frame" : "the stream ended", .transport)
        }
    }

    init(_ violation: ProtocolViolation) {
        let scope: Scope =
            switch violation.scope {
            case .link: .link
            case .session: .session
            case .connection: .connection
            }
        self.init(
            code: .protocolViolation,
            scope: scope,
            initiator: .remote,
            condition: violation.condition,
            message: "\(violation.description) (\(violation.section))"
        )
    }

    init(_ end: SessionEnd) {
        switch end {
        case .endedLocally:
            self.init(
                code: .sessionEnded,
                scope: .session,
                initiator: .application,
                message: "the session was ended"
            )
        case .endedByPeer(let error):
            self = .remote(.sessionEnded, .session, error, "the peer ended the session")
        case .violation(let violation):
            self.init(violation)
        case .connectionClosed(let end):
            self.init(end)
        }
    }

    init(_ end: LinkEnd) {
        switch end {
        case .detachedLocally:
            self.init(code: .linkDetached, scope: .link, initiator: .application, message: "the link was detached")
        case .detachedByPeer(_, let error):
            self = .remote(.linkDetached, .link, error, "the peer detached the link")
        case .refusedByPeer(let error):
            self = .remote(.linkRefused, .link, error, "the peer did not accept the link")
        case .violation(let violation):
            self.init(violation)
        case .sessionEnded(let end):
            self.init(end)
        }
    }

    init(_ error: UsageError) {
        let (code, scope, message): (Code, Scope, String) =
            switch error {
            case .notOpen: (.connectionClosed, .connection, "the connection is not open")
            case .unknownSession: (.sessionEnded, .session, "the session has ended")
            case .unknownLink: (.linkDetached, .link, "the link has been detached")
            case .sessionNotMapped: (.invalidUse, .session, "the session has not begun")
            case .linkNotAttached: (.invalidUse, .link, "the link is not attached")
            case .nothingToAccept: (.invalidUse, .link, "there is nothing to accept")
            case .linkNameInUse: (.invalidUse, .link, "a link of this name is attached already")
            case .noFreeChannel: (.limitReached, .connection, "the connection has no free channel for a session")
            case .noFreeHandle: (.limitReached, .session, "the session has no free handle for a link")
            case .messageTooLarge(let limit):
                (.messageTooLarge, .delivery, "the message exceeds the peer's limit of \(limit) bytes")
            case .invalidDeliveryTag: (.invalidUse, .delivery, "a delivery tag has 1 to 32 bytes")
            case .tooManyPendingDeliveries: (.limitReached, .delivery, "too many deliveries wait on the link")
            case .frameTooLarge: (.limitReached, .link, "the frame does not fit the peer's max-frame-size")
            }
        self.init(code: code, scope: scope, initiator: .application, message: message, underlying: error)
    }

    private static func text(of failure: SASLFailure) -> String {
        switch failure {
        case .noCommonMechanism(let offered):
            let names = offered.map(\.rawValue).joined(separator: ", ")
            return "the peer takes none of our SASL mechanisms; it offers: \(names)"
        case .rejected(let code):
            return "the peer refused the credentials (SASL outcome \(code))"
        }
    }
}
