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

/// Commands about links.
extension Engine {
    /// Attaches a sender; ``EngineEvent/linkAttached(_:_:)`` tells when the peer has answered.
    package mutating func attachSender(_ session: SessionID, _ options: SenderOptions) throws(UsageError) -> LinkID {
        let slot = try slot(of: session)
        let attach = Attach(
            name: options.name,
            handle: 0,
            role: .sender,
            sndSettleMode: options.senderSettleMode,
            rcvSettleMode: options.receiverSettleMode,
            source: options.source,
            target: options.target,
            initialDeliveryCount: SenderCredit.initialDeliveryCount,
            maxMessageSize: options.maxMessageSize,
            offeredCapabilities: options.offeredCapabilities,
            desiredCapabilities: options.desiredCapabilities,
            properties: options.properties
        )
        return try self.attach(attach, session: slot, projection: .none, maximumMessageSize: 0)
    }

    /// Attaches a receiver; ``EngineEvent/linkAttached(_:_:)`` tells when the peer has answered.
    package mutating func attachReceiver(
        _ session: SessionID,
        _ options: ReceiverOptions
    ) throws(UsageError) -> LinkID {
        let slot = try slot(of: session)
        let attach = Attach(
            name: options.name,
            handle: 0,
            role: .receiver,
            sndSettleMode: options.senderSettleMode,
            rcvSettleMode: options.receiverSettleMode,
            source: options.source,
            target: options.target,
            maxMessageSize: options.maxMessageSize,
            offeredCapabilities: options.offeredCapabilities,
            desiredCapabilities: options.desiredCapabilities,
            properties: options.properties
        )
        return try self.attach(
            attach,
            session: slot,
            projection: options.projection,
            maximumMessageSize: sizeLimit(options.maxMessageSize)
        )
    }

    private mutating func attach(
        _ attach: Attach,
        session: Int,
        projection: AnnotationProjection,
        maximumMessageSize: UInt64
    ) throws(UsageError) -> LinkID {
        guard sessions[session].machine.isMapped, let channel = sessions[session].machine.outgoingChannel else {
            throw .sessionNotMapped
        }
        let name = LinkName(name: attach.name, isSender: attach.role == .sender)
        guard !linkNames.contains(name) else { throw .linkNameInUse }
        var attach = attach
        attach.handle = .max
        guard fits(.attach(attach)) else { throw .frameTooLarge }
        guard
            let slot = insertLink(
                name,
                session: session,
                projection: projection,
                maximumMessageSize: maximumMessageSize
            )
        else { throw .noFreeHandle }
        linkNames.insert(name)
        if slot.isSender {
            _ = senders[slot.index].common.machine.attach()
            attach.handle = senders[slot.index].common.outputHandle.rawValue
        } else {
            _ = receivers[slot.index].common.machine.attach()
            attach.handle = receivers[slot.index].common.outputHandle.rawValue
        }
        write(.attach(attach), on: channel.rawValue)
        return linkID(of: slot)
    }

    /// Answers ``EngineEvent/linkRequested(_:_:_:)`` with an attach of our own.
    package mutating func acceptLink(
        _ id: LinkID,
        _ acceptance: LinkAcceptance = LinkAcceptance()
    ) throws(UsageError) {
        let slot = try slot(of: id)
        guard let request = slot.isSender ? senders[slot.index].common.request : receivers[slot.index].common.request
        else { throw .nothingToAccept }
        let session = slot.isSender ? senders[slot.index].common.session : receivers[slot.index].common.session
        guard sessions[session].machine.isMapped, let channel = sessions[session].machine.outgoingChannel else {
            throw .sessionNotMapped
        }
        var attach = acceptance.answer(to: request)
        attach.handle =
            slot.isSender
            ? senders[slot.index].common.outputHandle.rawValue : receivers[slot.index].common.outputHandle.rawValue
        guard fits(.attach(attach)) else { throw .frameTooLarge }
        if slot.isSender {
            _ = senders[slot.index].common.machine.accept()
            senders[slot.index].common.request = nil
            senders[slot.index].common.adoptModes(of: attach)
        } else {
            _ = receivers[slot.index].common.machine.accept()
            receivers[slot.index].common.request = nil
            receivers[slot.index].common.adoptModes(of: attach)
            receivers[slot.index].intake = TransferIntake(projection: acceptance.projection)
            receivers[slot.index].assembler = DeliveryAssembler(maximumSize: sizeLimit(acceptance.maxMessageSize))
        }
        write(.attach(attach), on: channel.rawValue)
        // Credit may have come with the attach.
        if slot.isSender {
            reportCredit(of: slot.index)
        } else if receivers[slot.index].credit.credit > 0 {
            needFlow(receiver: slot.index)
        }
    }

    /// Answers ``EngineEvent/linkRequested(_:_:_:)`` with a refusal: an attach without terminus, then a detach with the reason.
    package mutating func refuseLink(_ id: LinkID, error: AMQPErrorInfo) throws(UsageError) {
        let slot = try slot(of: id)
        let isWaiting =
            slot.isSender
            ? senders[slot.index].common.machine.awaitsAcceptance
            : receivers[slot.index].common.machine.awaitsAcceptance
        guard isWaiting else { throw .nothingToAccept }
        detach(slot, closed: true, error: error, isViolation: false)
    }

    /// Sends our answer to the peer's attach a second time, which no peer may do: for those who test how the other end takes it.
    package mutating func repeatAttach(
        _ id: LinkID,
        _ acceptance: LinkAcceptance,
        to request: Attach
    ) throws(UsageError) {
        let slot = try slot(of: id)
        let isAttached =
            slot.isSender
            ? senders[slot.index].common.machine.isAttached : receivers[slot.index].common.machine.isAttached
        guard isAttached else { throw .linkNotAttached }
        let session = slot.isSender ? senders[slot.index].common.session : receivers[slot.index].common.session
        guard let channel = sessions[session].machine.outgoingChannel else { throw .sessionNotMapped }
        var attach = acceptance.answer(to: request)
        attach.handle =
            slot.isSender
            ? senders[slot.index].common.outputHandle.rawValue : receivers[slot.index].common.outputHandle.rawValue
        write(.attach(attach), on: channel.rawValue)
    }

    /// Detaches a link; ``EngineEvent/linkDetached(_:_:)`` tells when the peer has answered.
    ///
    /// What has been sent and has credit goes out before; what has not is dropped.
    package mutating func detach(
        _ id: LinkID,
        closed: Bool = true,
        error: AMQPErrorInfo? = nil
    ) throws(UsageError) {
        let slot = try slot(of: id)
        if slot.isSender { _ = writePending(slot.index, deliveries: .max, outputLimit: .max) }
        detach(slot, closed: closed, error: error, isViolation: false)
    }

    /// Receiver: sets the credit, absolutely: how many deliveries the peer may send from now on. Before the link is attached it is
    /// kept for then.
    package mutating func setCredit(_ id: LinkID, _ credit: UInt32) throws(UsageError) {
        let index = try receiver(id)
        receivers[index].credit.grant(credit)
        needFlow(receiver: index)
    }

    /// Receiver: asks the sender to use up its credit now or give it back; ``EngineEvent/linkDrained(_:)`` ends it.
    package mutating func drain(_ id: LinkID) throws(UsageError) {
        let index = try receiver(id)
        guard receivers[index].common.machine.isAttached else { throw .linkNotAttached }
        guard receivers[index].credit.drain() else {
            events.append(.linkDrained(id))
            return
        }
        needFlow(receiver: index)
    }

    /// Receiver: asks the peer for its view of the link; it comes as ``EngineEvent/flowReceived(_:_:)``.
    package mutating func requestEcho(_ id: LinkID) throws(UsageError) {
        let index = try receiver(id)
        guard receivers[index].common.machine.isAttached else { throw .linkNotAttached }
        receivers[index].wantsEcho = true
        needFlow(receiver: index)
    }

    /// Deliveries that may still come (receiver) or be sent (sender); 0 for a link that is gone.
    package func credit(of id: LinkID) -> UInt32 {
        guard let slot = try? slot(of: id) else { return 0 }
        return slot.isSender ? senders[slot.index].credit.credit : receivers[slot.index].credit.credit
    }

    /// Sender: deliveries that wait for credit, window or the stream.
    package func pendingCount(of id: LinkID) -> Int {
        guard id.isSender, let slot = try? slot(of: id) else { return 0 }
        return senders[slot.index].pending.count
    }

    /// Whether both ends have attached and neither has detached.
    package func isAttached(_ id: LinkID) -> Bool {
        guard let slot = try? slot(of: id) else { return false }
        return slot.isSender
            ? senders[slot.index].common.machine.isAttached : receivers[slot.index].common.machine.isAttached
    }

    func slot(of id: LinkID) throws(UsageError) -> LinkSlot {
        let isKnown =
            id.isSender
            ? senders.contains(index: id.index, generation: id.generation)
            : receivers.contains(index: id.index, generation: id.generation)
        guard isKnown else { throw .unknownLink }
        return LinkSlot(isSender: id.isSender, index: Int(id.index))
    }

    func receiver(_ id: LinkID) throws(UsageError) -> Int {
        guard !id.isSender, receivers.contains(index: id.index, generation: id.generation) else { throw .unknownLink }
        return Int(id.index)
    }

    /// The limit of a link as the caller has it, within the engine's own.
    private func sizeLimit(_ stated: UInt64?) -> UInt64 {
        let limit = configuration.limits.maximumMessageSize
        guard let stated, stated > 0 else { return limit }
        return min(stated, limit)
    }
}

extension LinkAcceptance {
    /// The attach that answers `request`; the handle is still to be set.
    fileprivate func answer(to request: Attach) -> Attach {
        Attach(
            name: request.name,
            handle: .max,
            role: request.role.opposite,
            sndSettleMode: senderSettleMode ?? request.sndSettleMode,
            rcvSettleMode: receiverSettleMode ?? request.rcvSettleMode,
            source: source ?? request.source,
            target: target ?? request.target,
            unknownTarget: target == nil ? request.unknownTarget : nil,
            initialDeliveryCount: request.role == .receiver ? SenderCredit.initialDeliveryCount : nil,
            maxMessageSize: maxMessageSize,
            offeredCapabilities: offeredCapabilities,
            desiredCapabilities: desiredCapabilities,
            properties: properties
        )
    }
}
