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

/// How many more transfer frames the peer may send on a session (AMQP 1.0, part 2, section 2.5.6).
///
/// The window is ours to grant. It is opened again to its full size when half of it is used up: it guards against a peer that
/// runs wild, while link credit is what paces a good one.
struct IncomingWindow: Equatable, Sendable {
    /// The size granted with `begin` and with each replenishment.
    let size: UInt32

    /// The id the peer's next transfer frame will have.
    private(set) var nextIncomingID = SequenceNumber(0)

    /// Transfer frames the peer may still send.
    private(set) var remaining: UInt32

    init(size: UInt32) {
        self.size = size
        remaining = size
    }

    /// Whether it is time to send a flow that opens the window again.
    var needsReplenishment: Bool { remaining <= size / 2 }

    /// The peer's `begin` tells where its ids start.
    mutating func beginReceived(nextOutgoingID: UInt32) {
        nextIncomingID = SequenceNumber(nextOutgoingID)
    }

    /// Counts one transfer frame. False: the peer had no window left, a violation.
    mutating func transferReceived() -> Bool {
        guard remaining > 0 else { return false }
        remaining -= 1
        nextIncomingID.increment()
        return true
    }

    /// Counts transfer frames that were taken together; at most ``remaining``.
    mutating func transfersReceived(_ count: UInt32) {
        precondition(count <= remaining, "more transfers taken than the window has")
        remaining -= count
        nextIncomingID = nextIncomingID.advanced(by: count)
    }

    /// A flow carries the peer's own count, which replaces ours.
    mutating func flowReceived(nextOutgoingID: UInt32) {
        nextIncomingID = SequenceNumber(nextOutgoingID)
    }

    /// Opens the window fully; a flow with ``size`` has to follow.
    mutating func replenish() { remaining = size }
}
