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

/// A link on which a client sends requests to `$cbs` or `$management`.
final class RequestLink: ReceivingLink {
    private static let credit: UInt32 = 100
    /// The largest request that is taken.
    private static let maximumSize = 256 * 1024

    let common: ServerLinkCommon
    let node: ServiceNode
    private var used: UInt32 = 0

    init(_ common: ServerLinkCommon, node: ServiceNode) {
        self.common = common
        self.node = node
    }

    var requiredAccess: (AccessRights, EntityPath)? { nil }
    var idleDetails: String? { nil }

    func attached() {
        grantCredit()
    }

    func creditReceived() {}
    func closed() {}

    func deliveriesReceived(_ batch: DeliveryBatch) {
        common.touch()
        for delivery in batch {
            let outcome = respond(to: delivery)
            guard !delivery.isSettled else { continue }
            let id = DeliveryID(delivery.deliveryID)
            common.connection.perform { engine throws(UsageError) in
                try engine.settle(common.id, id, as: outcome, settled: true)
            }
        }
        used += UInt32(clamping: batch.count)
        if used >= Self.credit / 2 { grantCredit() }
    }

    private func grantCredit() {
        used = 0
        common.connection.perform { engine throws(UsageError) in try engine.setCredit(common.id, Self.credit) }
    }

    private func respond(to delivery: Delivery) -> DeliveryState {
        let connection = common.connection
        guard delivery.payloadLength <= Self.maximumSize else {
            return .rejected(connection.errorInfo(ServiceError(.messageSizeExceeded, "The request is too large.")))
        }
        let request: Message
        do throws(DecodingError) {
            request = try Message(decoding: delivery.copiedPayload)
        } catch {
            return .rejected(connection.errorInfo(ServiceError(.decodeError, "The request could not be decoded.")))
        }
        let reply: Message
        switch node {
        case .claimsBasedSecurity:
            reply = connection.broker.cbs.respond(
                to: request,
                grants: &connection.grants,
                at: connection.broker.namespace.now(),
                trackingSuffix: connection.broker.namespace.trackingSuffix()
            )
            connection.scheduleExpiry()
        case .management:
            reply = connection.broker.management.respond(to: request, grants: connection.grants)
        }
        let link = connection.replyLink(
            for: node,
            replyTo: request.properties?.replyTo,
            session: common.session
        )
        // Without a link for it the reply has nowhere to go.
        link?.send(reply)
        return .accepted
    }
}

/// A link on which a client receives the replies of `$cbs` or `$management`.
final class ReplyLink: ServerLink {
    let common: ServerLinkCommon
    let node: ServiceNode
    /// The address that the client gave its end of the link: requests name it as where replies go.
    let address: String?

    init(_ common: ServerLinkCommon, node: ServiceNode, address: String?) {
        self.common = common
        self.node = node
        self.address = address
    }

    var requiredAccess: (AccessRights, EntityPath)? { nil }
    var idleDetails: String? { nil }

    func attached() {}
    func creditReceived() {}
    func closed() {}

    func send(_ reply: Message) {
        common.touch()
        let delivery = OutgoingDelivery(payload: reply.encoded())
        common.connection.perform { engine throws(UsageError) in try engine.send(common.id, delivery) }
    }
}
