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

/// A link on which a client sends events.
final class EventSenderLink: ReceivingLink {
    /// The credit that a sender has at most.
    private static let credit: UInt32 = 1_000

    let common: ServerLinkCommon
    private let path: EntityPath
    private let destination: EventDestination
    private var used: UInt32 = 0

    init(_ common: ServerLinkCommon, path: String?, destination: EventDestination) {
        self.common = common
        self.path = EntityPath(address: path ?? "")
        self.destination = destination
    }

    var requiredAccess: (AccessRights, EntityPath)? { (.send, path) }
    var idleDetails: String? { "AmqpEventHubPublisher" }

    func attached() {
        grantCredit()
    }

    func creditReceived() {}
    func closed() {}

    func deliveriesReceived(_ batch: DeliveryBatch) {
        common.touch()
        for delivery in batch {
            let outcome = store(delivery)
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

    private func store(_ delivery: Delivery) -> DeliveryState {
        let broker = common.connection.broker
        do throws(ServiceError) {
            let limit = broker.configuration.maximumMessageSize
            guard delivery.payloadLength <= limit else {
                throw ServiceError(
                    .messageSizeExceeded,
                    "The received message (delivery-id:\(delivery.deliveryID), size:\(delivery.payloadLength) bytes) "
                        + "exceeds the limit (\(limit) bytes) currently allowed on the link."
                )
            }
            let incoming = try IncomingEvents(
                delivery: delivery.copiedPayload,
                messageFormat: delivery.messageFormat,
                publisher: destination.publisher
            )
            let partition = destination.partition ?? destination.hub.partition(for: incoming.partitionKey)
            try partition.append(incoming, at: broker.namespace.now())
            return .accepted
        } catch {
            return .rejected(common.connection.errorInfo(error))
        }
    }
}
