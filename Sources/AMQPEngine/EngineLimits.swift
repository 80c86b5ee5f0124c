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

/// The bounds of everything in an engine that a peer or a caller could make grow.
package struct EngineLimits: Equatable, Sendable {
    /// Links at once, over all sessions.
    package var maximumLinks = 16_384

    /// Bytes of payload that may wait on one sender link for credit, window or the stream.
    package var maximumPendingBytes = 64 * 1024 * 1024

    /// Deliveries that may wait on one sender link.
    package var maximumPendingDeliveries = 1_000_000

    /// Unsettled deliveries in one direction of a session: beyond it sends wait, and a peer's session is ended.
    package var maximumUnsettled = 1_000_000

    /// The largest message we take on a link that states no other limit.
    package var maximumMessageSize: UInt64 = 256 * 1024 * 1024

    /// Encoded bytes from which on transfers wait until the stream has taken some.
    package var outputHighWater = 1024 * 1024

    /// Encoded bytes that nobody takes at which the connection is given up (a peer that asks without listening).
    package var maximumOutputBytes = 64 * 1024 * 1024

    /// Deliveries beyond the credit of a receiver link that are let pass. RabbitMQ up to 3.x, for one, sends as many as are on
    /// their way inside of it when it is granted new credit.
    package var creditOverrun: UInt32 = 0

    package init() {}
}
