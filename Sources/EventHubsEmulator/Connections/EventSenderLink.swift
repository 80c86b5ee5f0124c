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
import DequeModule

/// A link on which a client sends events. Confined to the connection's loop.
final class EventSenderLink: ReceivingLink, @unchecked Sendable {
    /// The credit that a sender has at most.
    private static let credit: UInt32 = 1_000

    let common: ServerLinkCommon
    private let destination: EventDestination
    private let maximumMessageSize: Int
    private let grantsCredit: Bool
    private var used: UInt32 = 0
    private var isOpen = true
    /// Who publishes idempotently; nil on ordinary links.
    private(set) var producer: ProducerSequences.Stamp?
    /// A fault keeps the first of these waiting, and so the others; no more than there was credit for.
    private var waiting: Deque<Delivery> = []
    private var isDelayed = false

    /// Lets an idempotent producer in, or says why not.
    init(
        _ common: ServerLinkCommon,
        destination: EventDestination,
        maximumMessageSize: Int,
        grantsCredit: Bool
    ) throws(ServiceError) {
        self.common = common
        self.destination = destination
        self.maximumMessageSize = maximumMessageSize
        self.grantsCredit = grantsCredit
        guard let claim = destination.producer else { return }
        guard let partition = destination.partition else {
            throw ServiceError(.notAllowed, "An idempotent producer has to address a partition.")
        }
        producer = try partition.openProducer(claim, link: self)
    }

    var feed: EventFeed? { EventFeed(hub: destination.hub) }
    var requiredAccess: (AccessRights, EntityPath)? { (.send, common.path) }
    var idleDetails: String? { "AmqpEventHubPublisher" }

    func attached() {
        grantCredit()
    }

    func creditReceived() {}

    func closed() {
        isOpen = false
        if producer != nil { destination.partition?.closeProducer(self) }
        waiting.removeAll()
    }

    func deliveriesReceived(_ batch: DeliveryBatch) {
        common.touch()
        for delivery in batch where isOpen {
            if isDelayed { waiting.append(delivery.detached()) } else { take(delivery) }
        }
        used += UInt32(clamping: batch.count)
        topUp()
    }

    /// Stores a delivery, or does with it what the fault plan says.
    private func take(_ delivery: Delivery) {
        switch faults.strike(.send, common.site) {
        case nil:
            storeAndAcknowledge(delivery)
        case .reject(let reason):
            settle(delivery, as: .rejected(common.connection.errorInfo(reason, about: common.path)))
        case .release:
            settle(delivery, as: .released)
        case .modify:
            settle(delivery, as: .modified(DeliveryState.Modified(deliveryFailed: true)))
        case .delay(let time):
            isDelayed = true
            waiting.prepend(delivery.detached())
            loop.schedule(at: loop.now.advanced(by: time)) { [self] in resume() }
        case let fault?:
            common.connection.disturb(fault, common)
        }
    }

    private func resume() {
        isDelayed = false
        if let late = waiting.popFirst() { storeAndAcknowledge(late) }
        while isOpen, !isDelayed, let next = waiting.popFirst() { take(next) }
        topUp()
    }

    private func storeAndAcknowledge(_ delivery: Delivery) {
        let outcome = store(delivery)
        switch outcome == .accepted ? faults.strike(.sent, common.site) : nil {
        case nil:
            settle(delivery, as: outcome)
        case .delay(let time):
            guard !delivery.isSettled else { break }
            // The engine bounds how many deliveries may be unsettled; their contents are not kept.
            let id = DeliveryID(delivery.deliveryID)
            loop.schedule(at: loop.now.advanced(by: time)) { [self] in settle(id, as: outcome) }
        case let fault?:
            common.connection.disturb(fault, common)
        }
    }

    private func settle(_ delivery: Delivery, as outcome: DeliveryState) {
        guard !delivery.isSettled else { return }
        settle(DeliveryID(delivery.deliveryID), as: outcome)
    }

    private func settle(_ id: DeliveryID, as outcome: DeliveryState) {
        guard isOpen else { return }
        common.connection.perform { engine throws(UsageError) in
            try engine.settle(common.id, id, as: outcome, settled: true)
        }
    }

    private var faults: FaultInjector { common.connection.broker.faults }
    private var loop: EventLoop { common.connection.loop }

    private func topUp() {
        if isOpen, !isDelayed, used >= Self.credit / 2 { grantCredit() }
    }

    private func grantCredit() {
        guard grantsCredit else { return }
        used = 0
        common.connection.perform { engine throws(UsageError) in try engine.setCredit(common.id, Self.credit) }
    }

    private func store(_ delivery: Delivery) -> DeliveryState {
        let broker = common.connection.broker
        do throws(ServiceError) {
            guard delivery.payloadLength <= maximumMessageSize else {
                throw ServiceError(
                    .messageSizeExceeded,
                    "The received message (delivery-id:\(delivery.deliveryID), size:\(delivery.payloadLength) bytes) "
                        + "exceeds the limit (\(maximumMessageSize) bytes) currently allowed on the link."
                )
            }
            let incoming = try IncomingEvents(
                delivery: delivery.copiedPayload,
                messageFormat: delivery.messageFormat,
                publisher: destination.publisher
            )
            try broker.store(incoming, for: destination, stamp: try stamp(of: incoming))
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
