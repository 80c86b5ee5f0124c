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
import AMQPEngine
import AMQPTransport

/// What all links of a connection have.
final class ServerLinkCommon {
    let id: LinkID
    let session: SessionID
    let name: String
    /// What it leads to.
    let path: EntityPath
    /// What a fault plan knows it by.
    let site: FaultSite
    /// Kept until the link is gone from the connection.
    let connection: ServerConnection
    /// When something last moved on the link.
    var lastActivity: ContinuousClock.Instant

    init(id: LinkID, session: SessionID, attach: Attach, connection: ServerConnection) {
        self.id = id
        self.session = session
        name = attach.name
        path = EntityPath(address: attach.entity ?? "")
        site = FaultSite(attach)
        self.connection = connection
        lastActivity = connection.loop.now
    }

    func touch() {
        lastActivity = connection.loop.now
    }
}

/// A link that a client has attached. Confined to the connection's loop.
protocol ServerLink: AnyObject {
    var common: ServerLinkCommon { get }
    /// What it sends to or receives from; nil for links to nodes.
    var feed: EventFeed? { get }
    /// The claim without which the link may not stay, and on what; nil when it needs none.
    var requiredAccess: (AccessRights, EntityPath)? { get }
    /// What the service calls an idle link of this kind; nil when it may be idle for ever.
    var idleDetails: String? { get }

    /// The attach has been answered.
    func attached()
    /// There is credit, or there is room again for what credit there is.
    func creditReceived()
    /// The link is gone.
    func closed()
}

/// The end of a link in an event hub.
struct EventFeed {
    var hub: EventHubLog
    /// The group of a receiver; nil: it is a sender.
    var consumerGroup: String?
}

extension ServerLink {
    var feed: EventFeed? { nil }
}

/// A link on which the client sends.
protocol ReceivingLink: ServerLink {
    func deliveriesReceived(_ batch: DeliveryBatch)
}

extension Attach {
    /// The address of the service's end of the link.
    var entity: String? { role == .sender ? target?.address : source?.address }
}
