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

/// Commands about deliveries.
extension Engine {
    /// Sends a message: at once if credit, window and room allow, else as soon as they do, in order.
    ///
    /// Returns the link's number of this delivery; ``EngineEvent/deliveryUpdated(_:_:_:_:settled:)`` tells what became of it unless
    /// it was sent settled.
    @discardableResult
    package mutating func send(_ link: LinkID, _ delivery: OutgoingDelivery) throws(UsageError) -> SendID {
        guard link.isSender, senders.contains(index: link.index, generation: link.generation) else {
            throw .unknownLink
        }
        let index = Int(link.index)
        guard senders[index].common.machine.isAttached else { throw .linkNotAttached }
        let size = delivery.payload.count
        let limit = senders[index].maxMessageSize
        guard limit == 0 || UInt64(size) <= limit else { throw .messageTooLarge(limit: limit) }
        if let tag = delivery.tag, tag.isEmpty || tag.count > TransferHeader.maximumTagSize {
            throw .invalidDeliveryTag
        }
        let number = senders[index].nextNumber
        if senders[index].pending.isEmpty, sendAtOnce(delivery, number: number, sender: index) {
            senders[index].nextNumber = number + 1
            return SendID(number)
        }
        guard senders[index].pending.count < configuration.limits.maximumPendingDeliveries,
            senders[index].pending.isEmpty
                || senders[index].pendingBytes + size <= configuration.limits.maximumPendingBytes
        else { throw .tooManyPendingDeliveries }
        senders[index].nextNumber = number + 1
        senders[index].pending.append(SenderLink.Pending(delivery: delivery, number: number))
        senders[index].pendingBytes += size
        if senders[index].credit.credit > 0 { makeReady(index) }
        return SendID(number)
    }

    /// Writes a delivery that fits one frame, if nothing stands in its way.
    @inline(__always)
    private mutating func sendAtOnce(_ delivery: OutgoingDelivery, number: UInt64, sender index: Int) -> Bool {
        guard senders[index].credit.credit > 0, output.count < configuration.limits.outputHighWater,
            delivery.payload.count + TransferHeader.maximumSize <= remoteMaxFrameSize
        else { return false }
        let session = senders[index].common.session
        guard sessions[session].machine.isMapped, let channel = sessions[session].machine.outgoingChannel,
            mayBegin(session)
        else { return false }
        let isSettled = senders[index].isSettled(delivery)
        let first = beginDelivery(delivery, number: number, isSettled: isSettled, sender: index, session: session)
        let header = TransferHeader(
            channel: channel.rawValue,
            handle: senders[index].common.outputHandle.rawValue,
            first: first,
            isSettled: isSettled,
            more: false
        )
        write(header, delivery.payload, 0..<delivery.payload.count)
        sessions[session].outgoingWindow.transferSent()
        return true
    }

    /// Settles deliveries that were received, from `first` through `last`, with one outcome.
    ///
    /// Ids in the range that belong to another link, are settled already or came settled are passed over. Consecutive settlements
    /// leave as one frame. `settled` says whether this is our last word; nil: it is, unless the link's rcv-settle-mode is `second`,
    /// in which the sender has it.
    package mutating func settle(
        _ link: LinkID,
        from first: DeliveryID,
        through last: DeliveryID,
        as state: DeliveryState,
        settled: Bool? = nil
    ) throws(UsageError) {
        let index = try receiver(link)
        guard receivers[index].common.machine.isAttached else { throw .linkNotAttached }
        let session = receivers[index].common.session
        let isSettled = settled ?? (receivers[index].common.receiverSettleMode == .first)
        var found: [UnsettledDeliveries.Run] = []
        swap(&found, &runs)
        sessions[session].incomingUnsettled.visit(
            from: first.rawValue,
            through: last.rawValue,
            of: index,
            removing: isSettled
        ) { run in
            found.append(run)
        }
        for run in found {
            settle(
                Disposition(
                    role: .receiver,
                    first: run.firstID,
                    last: run.lastID,
                    settled: isSettled,
                    state: state
                ),
                session: session
            )
        }
        found.removeAll(keepingCapacity: true)
        swap(&found, &runs)
    }

    /// Settles one delivery that was received.
    package mutating func settle(
        _ link: LinkID,
        _ delivery: DeliveryID,
        as state: DeliveryState,
        settled: Bool? = nil
    ) throws(UsageError) {
        try settle(link, from: delivery, through: delivery, as: state, settled: settled)
    }
}
