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

public import AMQPCodec

/// What went wrong, how far it reaches, and who began it.
///
/// Two errors are equal when their codes are. Decide by ``code`` and ``condition``, never by the text.
public struct AMQPError: Error, Sendable {
    /// What went wrong.
    @nonexhaustive
    public enum Code: Sendable, Hashable {
        /// No connection could be made: name, address, port or TLS.
        case connectFailed
        /// The peer turned the credentials down, or takes none that we have.
        case authenticationFailed
        /// The connection broke: its stream ended or failed, or the peer fell silent.
        case connectionLost
        /// The connection was closed, by the peer or by this side.
        case connectionClosed
        /// The session was ended, by the peer or by this side.
        case sessionEnded
        /// The peer did not accept the link.
        case linkRefused
        /// The peer did not accept a request.
        case requestRefused
        /// The link was detached, by the peer or by this side.
        case linkDetached
        /// The message is larger than the peer accepts.
        case messageTooLarge
        /// The receiver settled a delivery without an outcome that we know.
        case unknownOutcome
        /// A message could not be decoded.
        case malformedMessage
        /// The peer or this side broke the protocol.
        case protocolViolation
        /// A limit of this library has been reached.
        case limitReached
        /// The call does not fit the state of the object it was made on.
        case invalidUse
        /// There was no answer in time.
        case timedOut
        /// The calling task was cancelled.
        case cancelled
    }

    /// How far the error reaches: what is inside that scope cannot be used any more.
    public enum Scope: Sendable, Hashable {
        /// One delivery or one call; everything else goes on.
        case delivery
        /// One link.
        case link
        /// A session with all its links.
        case session
        /// The whole connection.
        case connection
        /// The stream below the connection.
        case transport
    }

    /// Who began it.
    public enum Initiator: Sendable, Hashable {
        /// The caller of this library.
        case application
        /// This library, by itself.
        case library
        /// The peer.
        case remote
    }

    /// What went wrong.
    public var code: Code
    /// How far the error reaches.
    public var scope: Scope
    /// Who began it.
    public var initiator: Initiator
    /// The condition that the peer (or this library towards the peer) gave.
    public var condition: ErrorCondition?
    /// A description for people.
    public var message: String
    /// What the peer sent with its condition.
    public var info: AMQPMap?
    /// The error below this one.
    public var underlying: (any Error)?

    /// Creates an error.
    public init(
        code: Code,
        scope: Scope,
        initiator: Initiator,
        condition: ErrorCondition? = nil,
        message: String,
        info: AMQPMap? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.scope = scope
        self.initiator = initiator
        self.condition = condition
        self.message = message
        self.info = info
        self.underlying = underlying
    }
}

extension AMQPError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: AMQPError, right: AMQPError) -> Bool {
        left.code == right.code
    }
}

extension AMQPError: CustomStringConvertible {
    /// The code, the peer's condition if there is one, and the message.
    public var description: String {
        var text = "\(code) (\(scope), \(initiator))"
        if let condition { text += " \(condition.rawValue)" }
        return "\(text): \(message)"
    }
}
