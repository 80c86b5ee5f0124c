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

/// A link on which a client sends events.
final class EventSenderLink: ReceivingLink, @unchecked Sendable {
    /// The credit that a sender has at most.
    private static let credit: UInt32 = 1_000

    let common: ServerLinkCommon
    private let path: EntityPath
    private let destination: EventDestination
    private var used: UInt32 = 0
    private var isOpen = true
    /// Who publishes idempotently; nil on ordinary links.
    private(set) var producer: ProducerSequences.Stamp?

    /// Lets an idempotent producer in, or says why not.
    init(_ common: ServerLinkCommon, path: String?, destination: EventDestination) throws(ServiceError) {
        self.common = common
        self.path = EntityPath(address: path ?? "")
        self.destination = destination
        guard let claim = destination.producer else { return }
        guard let partition = destination.partition else {
            throw ServiceError(.notAllowed, "An idempotent producer has to address a partition.")
        }
        producer = try partition.openProducer(claim, link: self)
    }

    var requiredAccess: (AccessRights, EntityPath)? { (.send, path) }
    var idleDetails: String? { "AmqpEventHubPublisher" }

    func attached() {
        grantCredit()
    }

    func creditReceived() {}

    func closed() {
        isOpen = false
        if producer != nil { destination.partition?.closeProducer(self) }
    }

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
            try partition.append(incoming, at: broker.namespace.now(), stamp: try stamp(of: incoming))
            return .accepted
        } catch {
            return .rejected(common.connection.errorInfo(error))
        }
    }

    /// How the delivery of an idempotent producer is numbered.
    private func stamp(of incoming: IncomingEvents) throws(ServiceError) -> ProducerSequences.Stamp? {
        guard let producer else { return nil }
        guard let stamp = incoming.stamp, stamp.id == producer.id else {
            throw ServiceError(
                .argumentError,
                "The message does not bear the number, the epoch and the id '\(producer.id)' of the link's producer."
            )
        }
        return stamp
    }
}

extension EventSenderLink: ProducerLink {
    func fenced(by error: ServiceError) {
        common.connection.loop.execute { [self] in
            guard isOpen else { return }
            common.connection.detach(common.id, error)
        }
    }
}
