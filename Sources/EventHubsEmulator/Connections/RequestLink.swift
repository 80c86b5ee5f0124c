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

/// A link on which a client sends requests to `$cbs` or `$management`. Confined to the connection's loop.
final class RequestLink: ReceivingLink, @unchecked Sendable {
    private static let credit: UInt32 = 100
    /// The largest request that is taken.
    private static let maximumSize = 256 * 1024

    let common: ServerLinkCommon
    let node: ServiceNode
    private var used: UInt32 = 0
    private var isOpen = true
    /// How many requests a fault keeps waiting for their answer.
    private var delayed: UInt32 = 0

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

    func closed() {
        isOpen = false
    }

    func deliveriesReceived(_ batch: DeliveryBatch) {
        common.touch()
        for delivery in batch where isOpen {
            let outcome = respond(to: delivery)
            guard isOpen, !delivery.isSettled else { continue }
            let id = DeliveryID(delivery.deliveryID)
            common.connection.perform { engine throws(UsageError) in
                try engine.settle(common.id, id, as: outcome, settled: true)
            }
        }
        used += UInt32(clamping: batch.count)
        topUp()
    }

    private func topUp() {
        if isOpen, used >= Self.credit / 2, delayed < Self.credit / 2 { grantCredit() }
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
        let place: Fault.Place = node == .claimsBasedSecurity ? .token : .read
        switch connection.broker.faults.strike(place, FaultSite(request)) {
        case .ignore:
            break
        case .answer(let status, let code):
            send(connection.reply(status: status, code: code, about: request), answering: request)
        case .delay(let time):
            delayed += 1
            loop.schedule(at: loop.now.advanced(by: time)) { [self] in
                delayed -= 1
                answer(request)
                topUp()
            }
        case .lapse(let time):
            answer(request)
            let expiry = connection.broker.namespace.now() + time.wholeMilliseconds
            connection.grants.limit(EntityPath(resource: request.audience ?? ""), to: expiry)
            connection.scheduleExpiry()
        case let fault?:
            connection.disturb(fault, common)
        case nil:
            answer(request)
        }
        return .accepted
    }

    private func answer(_ request: Message) {
        guard isOpen else { return }
        let connection = common.connection
        switch node {
        case .claimsBasedSecurity:
            let reply = connection.broker.cbs.respond(
                to: request,
                grants: &connection.grants,
                at: connection.broker.namespace.now(),
                trackingSuffix: connection.broker.namespace.trackingSuffix()
            )
            connection.scheduleExpiry()
            send(reply, answering: request)
        case .management where connection.broker.throughput?.admitRead() == false:
            let error = ServiceError.throttled(connection.broker.namespace.name)
            let suffix = connection.broker.namespace.trackingSuffix()
            send(NodeReply(error, trackingSuffix: suffix).message(answering: request), answering: request)
        case .management:
            send(connection.broker.management.respond(to: request, grants: connection.grants), answering: request)
        }
    }

    /// Sends a reply; without a link for it it has nowhere to go.
    private func send(_ reply: Message, answering request: Message) {
        let replyTo = request.properties?.replyTo
        common.connection.replyLink(for: node, replyTo: replyTo, session: common.session)?.send(reply)
    }

    private var loop: EventLoop { common.connection.loop }
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
