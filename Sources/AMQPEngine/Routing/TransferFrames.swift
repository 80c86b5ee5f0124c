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

/// The effect of transfer.
extension Engine {
    /// Takes the run of whole transfers at the front of the received bytes, if that is what stands there. False: it is not, or
    /// the frame has to be looked at the general way.
    @inline(__always)
    mutating func takeWholeTransfers() -> Bool {
        guard connection.isOpened, configuration.frameTrace == nil, let address = intake.peekTransferAddress(),
            case .mapped(let session) = channels.session(on: IncomingChannel(rawValue: address.channel)),
            sessions[session].machine.isMapped,
            let slot = sessions[session].handles.link(for: InputHandle(rawValue: address.handle)), !slot.isSender,
            receivers[slot.index].takesWholeTransfers(upTo: intake.maximumFrameSize)
        else { return false }
        return takeRun(session: session, receiver: slot.index)
    }

    private mutating func takeRun(session: Int, receiver index: Int) -> Bool {
        let room = configuration.limits.maximumUnsettled - sessions[session].incomingUnsettled.count
        let limit = min(
            Int(sessions[session].incomingWindow.remaining),
            receivers[index].credit.remainingLimit,
            room
        )
        let run = intake.takeTransfers(for: receivers[index].intake, limit: limit)
        guard run.count > 0 else { return false }
        let count = UInt32(truncatingIfNeeded: run.count)
        sessions[session].incomingWindow.transfersReceived(count)
        receivers[index].credit.deliveriesReceived(count)
        if !run.isSettled, !noteUnsettled(run, session: session, receiver: index) { return true }
        if !receivers[index].isDelivering { startDelivering(index) }
        if sessions[session].incomingWindow.needsReplenishment { needFlow(session: session) }
        return true
    }

    private mutating func noteUnsettled(_ run: TransferRun, session: Int, receiver index: Int) -> Bool {
        for offset in 0..<UInt32(truncatingIfNeeded: run.count) {
            guard sessions[session].incomingUnsettled.append(id: run.firstDeliveryID &+ offset, link: index) else {
                receivers[index].intake.discardPending()
                deliveryIDNotAscending(run.firstDeliveryID &+ offset, session: session)
                return false
            }
        }
        return true
    }

    mutating func startDelivering(_ index: Int) {
        guard !receivers[index].isDelivering else { return }
        receivers[index].isDelivering = true
        deliveringReceivers.append(receivers[index].common.id)
    }

    /// Turns the deliveries of this read into events.
    mutating func handOverDeliveries() {
        guard !deliveringReceivers.isEmpty, let lease = intake.currentLease else { return }
        for id in deliveringReceivers where receivers.contains(index: id.index, generation: id.generation) {
            let index = Int(id.index)
            receivers[index].isDelivering = false
            if let batch = receivers[index].intake.takeBatch(lease: lease) { events.append(.deliveries(id, batch)) }
            if receivers[index].credit.completeDrainIfExhausted() { events.append(.linkDrained(id)) }
        }
        deliveringReceivers.removeAll(keepingCapacity: true)
    }

    /// One transfer frame the general way.
    mutating func transferReceived(_ transfer: Transfer, session: Int, frame: FrameRange, payload: Range<Int>) {
        guard sessions[session].incomingWindow.transferReceived() else {
            violated(
                ProtocolViolation(
                    .session,
                    .windowViolation,
                    "a transfer came into a closed window",
                    section: "2.5.6"
                ),
                session: session
            )
            return
        }
        if sessions[session].incomingWindow.needsReplenishment { needFlow(session: session) }
        guard let slot = sessions[session].handles.link(for: InputHandle(rawValue: transfer.handle)) else {
            unattached(InputHandle(rawValue: transfer.handle), session: session)
            return
        }
        guard !slot.isSender else {
            refuse(slot, .notAllowed, "a transfer came on a link on which the peer receives", "2.6.12")
            return
        }
        let index = slot.index
        guard receivers[index].common.machine.reception == .open else { return }
        guard receivers[index].common.machine.isAttached else {
            refuse(slot, .transferLimitExceeded, "a transfer came before the attach was answered", "2.6.7")
            return
        }
        let bytes = FrameRange(offset: frame.offset + payload.lowerBound, size: payload.count)
        if receivers[index].assembler.isIdle {
            firstTransferReceived(transfer, session: session, slot: slot, frame: frame, payload: bytes)
        } else {
            let result = Self.assemble(&receivers[index].assembler, transfer, bytes, in: intake)
            assembled(result, session: session, slot: slot)
        }
    }

    private mutating func firstTransferReceived(
        _ transfer: Transfer,
        session: Int,
        slot: LinkSlot,
        frame: FrameRange,
        payload: FrameRange
    ) {
        let index = slot.index
        guard let deliveryID = transfer.deliveryID else {
            refuse(slot, .invalidField, "the first transfer of a delivery has no delivery-id", "2.7.5")
            return
        }
        let tag = transfer.deliveryTag ?? []
        guard tag.count <= TransferHeader.maximumTagSize else {
            refuse(slot, .invalidField, "a delivery-tag of \(tag.count) bytes is too long", "2.8.7")
            return
        }
        guard receivers[index].credit.deliveryReceived() else {
            refuse(slot, .transferLimitExceeded, "a delivery came without credit", "2.6.7")
            return
        }
        if transfer.aborted {
            handOverDeliveries()
            events.append(.deliveryAborted(receivers[index].common.id, DeliveryID(deliveryID)))
            return
        }
        guard receivers[index].assembler.admits(payload.size) else {
            assembled(.tooLarge(size: UInt64(payload.size)), session: session, slot: slot)
            return
        }
        let isSettled = transfer.settled ?? (receivers[index].common.senderSettleMode == .settled)
        if !isSettled, !noteUnsettled(deliveryID, session: session, receiver: index) { return }
        if transfer.more {
            let head = DeliveryAssembler.Head(
                deliveryID: deliveryID,
                tag: tag,
                messageFormat: transfer.messageFormat ?? 0,
                isSettled: isSettled
            )
            let result = Self.assemble(&receivers[index].assembler, head, payload, in: intake)
            assembled(result, session: session, slot: slot)
        } else {
            receivers[index].intake.append(
                frame,
                in: intake,
                payloadOffset: payload.offset - frame.offset,
                deliveryID: deliveryID,
                messageFormat: transfer.messageFormat ?? 0,
                settled: isSettled,
                deliveryTag: TransferTag.range(in: intake.bytes(of: frame), tag: tag)
            )
            startDelivering(index)
        }
    }

    private static func assemble(
        _ assembler: inout DeliveryAssembler,
        _ head: DeliveryAssembler.Head,
        _ payload: FrameRange,
        in intake: borrowing FrameIntake
    ) -> DeliveryAssembler.Result {
        assembler.begin(head, payload: intake.bytes(of: payload))
    }

    private static func assemble(
        _ assembler: inout DeliveryAssembler,
        _ transfer: Transfer,
        _ payload: FrameRange,
        in intake: borrowing FrameIntake
    ) -> DeliveryAssembler.Result {
        assembler.continuationReceived(transfer, payload: intake.bytes(of: payload))
    }

    private mutating func noteUnsettled(_ deliveryID: UInt32, session: Int, receiver index: Int) -> Bool {
        guard sessions[session].incomingUnsettled.count < configuration.limits.maximumUnsettled else {
            violated(
                ProtocolViolation(
                    .session,
                    .resourceLimitExceeded,
                    "too many deliveries are unsettled",
                    section: "2.5.6"
                ),
                session: session
            )
            return false
        }
        guard sessions[session].incomingUnsettled.append(id: deliveryID, link: index) else {
            deliveryIDNotAscending(deliveryID, session: session)
            return false
        }
        return true
    }

    private mutating func deliveryIDNotAscending(_ deliveryID: UInt32, session: Int) {
        violated(
            ProtocolViolation(
                .session,
                .invalidField,
                "delivery-id \(deliveryID) does not follow the one before",
                section: "2.8.9"
            ),
            session: session
        )
    }

    /// What came of a delivery of several frames.
    private mutating func assembled(_ result: DeliveryAssembler.Result, session: Int, slot: LinkSlot) {
        let index = slot.index
        switch result {
        case .incomplete:
            break
        case .complete:
            handOverDeliveries()
            let projection = receivers[index].intake.projection
            guard let (head, batch) = receivers[index].assembler.finish(projection: projection, pool: slabs) else {
                return
            }
            if head.isSettled {
                sessions[session].incomingUnsettled.visit(
                    from: head.deliveryID,
                    through: head.deliveryID,
                    removing: true
                ) { _ in }
            }
            let id = receivers[index].common.id
            events.append(.deliveries(id, batch))
            if receivers[index].credit.completeDrainIfExhausted() { events.append(.linkDrained(id)) }
        case .aborted(let deliveryID):
            handOverDeliveries()
            sessions[session].incomingUnsettled.visit(from: deliveryID, through: deliveryID, removing: true) { _ in }
            events.append(.deliveryAborted(receivers[index].common.id, DeliveryID(deliveryID)))
        case .tooLarge(let size):
            let limit = receivers[index].assembler.maximumSize
            refuse(
                slot,
                .messageSizeExceeded,
                "the received message (\(size) bytes so far) exceeds the limit (\(limit) bytes) currently allowed on the link",
                "2.7.3"
            )
        case .mismatch:
            refuse(slot, .notAllowed, "a transfer belongs to another delivery than the one that has begun", "2.6.14")
        }
    }

    /// Ends a link on which a transfer broke a rule.
    private mutating func refuse(
        _ slot: LinkSlot,
        _ condition: ErrorCondition,
        _ description: String,
        _ section: String
    ) {
        violated(ProtocolViolation(.link, condition, description, section: section), slot: slot)
    }
}
