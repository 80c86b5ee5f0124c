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

/// Everything an engine keeps about one session.
struct SessionEndpoint: ~Copyable {
    let id: SessionID
    var machine = SessionStateMachine()
    var options: SessionOptions
    var incomingWindow: IncomingWindow
    var outgoingWindow = OutgoingWindow()
    var handles: HandleTable
    /// The highest handle the peer takes.
    var remoteHandleMax: UInt32 = .max
    /// The links of this session, in the order of attaching.
    var links: [LinkSlot] = []
    /// What we sent and the peer has not settled.
    var outgoingUnsettled = UnsettledDeliveries()
    /// What we received and have not settled.
    var incomingUnsettled = UnsettledDeliveries()
    /// The id of our next delivery.
    private var nextDeliveryID = SequenceNumber(0)
    /// Settlements that have not been written: the next may extend them.
    var pendingDisposition: Disposition?

    /// Whether senders of this session wait for the window or for settlements.
    var hasBlockedSenders = false

    /// What has to be written for this session at the next flush.
    var needsFlow = false
    /// Whether the session is on the engine's list of those with something to write.
    var isListed = false

    init(id: SessionID, options: SessionOptions) {
        self.id = id
        self.options = options
        incomingWindow = IncomingWindow(size: options.incomingWindow)
        handles = HandleTable(handleMax: options.handleMax)
    }

    /// Replaces the options of a session that the peer began, before it is answered.
    mutating func setOptions(_ newOptions: SessionOptions) {
        options = newOptions
        let nextIncomingID = incomingWindow.nextIncomingID
        incomingWindow = IncomingWindow(size: newOptions.incomingWindow)
        incomingWindow.beginReceived(nextOutgoingID: nextIncomingID.rawValue)
        handles.handleMax = newOptions.handleMax
    }

    mutating func takeDeliveryID() -> UInt32 {
        defer { nextDeliveryID.increment() }
        return nextDeliveryID.rawValue
    }

    /// Adopts what the peer's begin says.
    mutating func adopt(_ begin: Begin) {
        incomingWindow.beginReceived(nextOutgoingID: begin.nextOutgoingID)
        outgoingWindow.beginReceived(incomingWindow: begin.incomingWindow)
        remoteHandleMax = begin.handleMax
    }

    /// A flow with the state of the session; it opens the incoming window again.
    mutating func makeFlow() -> Flow {
        incomingWindow.replenish()
        needsFlow = false
        return Flow(
            nextIncomingID: incomingWindow.nextIncomingID.rawValue,
            incomingWindow: incomingWindow.remaining,
            nextOutgoingID: outgoingWindow.nextOutgoingID.rawValue,
            outgoingWindow: options.outgoingWindow
        )
    }

    /// Adds settlements; returns the ones to write first because they do not join up.
    mutating func settle(_ disposition: Disposition) -> Disposition? {
        guard let pending = pendingDisposition, let last = pending.last else {
            pendingDisposition = disposition
            return nil
        }
        if last &+ 1 == disposition.first, pending.role == disposition.role, pending.settled == disposition.settled,
            pending.state == disposition.state
        {
            pendingDisposition?.last = disposition.last
            return nil
        }
        pendingDisposition = disposition
        return pending
    }
}
