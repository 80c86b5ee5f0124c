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

/// Names one session of an engine for as long as the session lives; never reused for another.
package struct SessionID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// Names one link of an engine for as long as the link lives; never reused for another.
package struct LinkID: Hashable, Sendable {
    /// Whether the link is a sender on our side.
    package let isSender: Bool
    let index: UInt32
    let generation: UInt32
}

/// A session's number of a delivery on the wire (`delivery-id`); wraps.
package struct DeliveryID: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// A sender link's own count of its deliveries, from 0 in the order of `send`.
///
/// The wire's `delivery-id` is only known when a delivery leaves, which may be long after `send`; this number is known at once,
/// has no gaps and never wraps, so a caller can keep what it waits for in a ring.
package struct SendID: RawRepresentable, Hashable, Comparable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (left: SendID, right: SendID) -> Bool { left.rawValue < right.rawValue }
}

/// The number of a channel that we write to; the peer's `begin` names it as remote-channel.
struct OutgoingChannel: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt16
}

/// The number of a channel that the peer writes to.
struct IncomingChannel: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt16
}

/// Our number of a link within its session.
struct OutputHandle: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt32
}

/// The peer's number of a link within its session.
struct InputHandle: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt32
}
