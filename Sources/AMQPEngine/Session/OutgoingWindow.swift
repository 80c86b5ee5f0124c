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

/// How many more transfer frames we may send on a session (AMQP 1.0, part 2, section 2.5.6).
struct OutgoingWindow: Equatable, Sendable {
    /// The id of the first transfer frame of the session.
    static let initialOutgoingID = SequenceNumber(0)

    /// The id our next transfer frame has.
    private(set) var nextOutgoingID = Self.initialOutgoingID

    /// Transfer frames that the peer takes before it has to open its window again.
    private(set) var remoteIncomingWindow: UInt32 = 0

    var isOpen: Bool { remoteIncomingWindow > 0 }

    /// The peer's `begin` grants the first window.
    mutating func beginReceived(incomingWindow: UInt32) {
        remoteIncomingWindow = incomingWindow
    }

    /// Counts one transfer frame; ``isOpen`` has to hold.
    mutating func transferSent() {
        precondition(remoteIncomingWindow > 0, "a transfer was written into a closed window")
        remoteIncomingWindow -= 1
        nextOutgoingID.increment()
    }

    /// Takes the window of a flow: what the peer granted, less what it had not yet seen when it sent the flow.
    mutating func flowReceived(nextIncomingID: UInt32?, incomingWindow: UInt32) {
        let seen = nextIncomingID.map { SequenceNumber($0) } ?? Self.initialOutgoingID
        // The peer cannot have seen more than we sent; a count from the future is taken as "all seen".
        let underway = max(0, Int64(seen.distance(to: nextOutgoingID)))
        remoteIncomingWindow = UInt32(clamping: Int64(incomingWindow) - underway)
    }
}
