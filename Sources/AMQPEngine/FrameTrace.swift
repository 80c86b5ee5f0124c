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

/// Sees frames pass; called synchronously.
package typealias FrameTrace = @Sendable (TracedFrame) -> Void

/// One frame as the trace sees it: decoded, without payload and without secrets.
package struct TracedFrame: Sendable {
    package enum Direction: Sendable {
        case incoming
        case outgoing
    }

    package enum Content: Sendable {
        case header(ProtocolHeader)
        case performative(Performative)
        /// The initial response and further secrets are replaced by "<redacted>".
        case sasl(SASLFrameBody)
        /// A heartbeat.
        case empty
    }

    package var direction: Direction
    package var channel: UInt16
    package var content: Content
    /// Bytes behind the performative (of a message, which may hold a token: its content is never shown).
    package var payloadSize: Int
}
