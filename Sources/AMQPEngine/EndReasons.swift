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

package import AMQPCodec

/// Why a connection ended.
package enum ConnectionEnd: Equatable, Sendable {
    /// We closed it and the peer agreed, perhaps with an error of its own.
    case closedLocally(answer: AMQPErrorInfo?)
    /// The peer closed it.
    case closedByPeer(AMQPErrorInfo?)
    /// The peer broke the protocol.
    case violation(ProtocolViolation)
    case authenticationFailed(SASLFailure)
    /// The peer does not speak our protocol; nil: what it sent is no protocol header.
    case protocolMismatch(received: ProtocolHeader?)
    /// The peer was silent for longer than the idle time-out.
    case idleTimedOut
    /// The peer did not get through header, SASL and `open` in time.
    case handshakeTimedOut
    /// The peer did not answer our `close` in time.
    case closeTimedOut
    /// The stream ended without a `close`; `midFrame`: in the middle of a frame.
    case streamEnded(midFrame: Bool)
}

/// Why a session ended.
package enum SessionEnd: Equatable, Sendable {
    case endedLocally(answer: AMQPErrorInfo?)
    case endedByPeer(AMQPErrorInfo?)
    case violation(ProtocolViolation)
    case connectionClosed(ConnectionEnd)
}

/// Why a link ended.
package enum LinkEnd: Equatable, Sendable {
    case detachedLocally(answer: AMQPErrorInfo?)
    /// `closed`: for good, or only detached.
    case detachedByPeer(closed: Bool, error: AMQPErrorInfo?)
    /// The peer did not accept the link.
    case refusedByPeer(AMQPErrorInfo?)
    case violation(ProtocolViolation)
    case sessionEnded(SessionEnd)
}
