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

/// What an engine has to tell its driver.
///
/// Each link reports exactly one ``linkDetached(_:_:)``, each session one ``sessionEnded(_:_:)`` and the connection one
/// ``connectionClosed(_:)``, in this order when they end together.
package enum EngineEvent: Sendable {
    /// Server: somebody wants in. Answer with ``Engine/completeAuthentication(_:)``; nothing is read until then.
    case authenticationRequested(SASLCredentials)
    /// Both opens are exchanged; this is the peer's.
    indirect case connectionOpened(Open)
    indirect case connectionClosed(ConnectionEnd)

    /// The peer began a session: accept or end it.
    indirect case sessionRequested(SessionID, Begin)
    /// The peer answered our begin.
    indirect case sessionBegan(SessionID, Begin)
    indirect case sessionEnded(SessionID, SessionEnd)

    /// The peer attached a link: accept or refuse it. The link's direction is ours: `isSender` when the peer receives.
    indirect case linkRequested(LinkID, SessionID, Attach)
    /// The peer answered our attach.
    indirect case linkAttached(LinkID, Attach)
    indirect case linkDetached(LinkID, LinkEnd)

    /// A sender link may send: deliveries beyond those that wait already.
    case creditAvailable(LinkID, UInt32)
    /// The peer's flow on this link, after the engine has acted on it (credit, drain, echo).
    indirect case flowReceived(LinkID, Flow)
    /// A receiver link's drain has come to its end: no credit is left.
    case linkDrained(LinkID)

    /// What one read brought for a receiver link, in order.
    case deliveries(LinkID, DeliveryBatch)
    /// The sender gave up a delivery whose beginning it had sent.
    case deliveryAborted(LinkID, DeliveryID)
    /// The peer settled deliveries that we received, from the first to the second.
    indirect case deliveriesSettledBySender(LinkID, DeliveryID, DeliveryID, DeliveryState?)

    /// The receiver told what became of deliveries of a sender link, from the first to the second; when `settled`, finally.
    indirect case deliveryUpdated(LinkID, SendID, SendID, DeliveryState?, settled: Bool)
}
