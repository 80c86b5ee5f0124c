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

/// The effect of attach and detach, and the end of a link.
extension Engine {
    mutating func attachReceived(_ attach: Attach, session: Int) {
        let name = LinkName(name: attach.name, isSender: attach.role == .receiver)
        let handle = InputHandle(rawValue: attach.handle)
        guard handle.rawValue <= sessions[session].handles.handleMax else {
            violated(
                ProtocolViolation(
                    .connection,
                    .framingError,
                    "handle \(handle.rawValue) exceeds handle-max",
                    section: "2.7.2"
                )
            )
            return
        }
        guard sessions[session].handles.link(for: handle) == nil else {
            violated(
                ProtocolViolation(.session, .handleInUse, "handle \(handle.rawValue) is in use", section: "2.7.3"),
                session: session
            )
            return
        }
        if let slot = waitingLink(name, session: session) {
            attachAnswered(attach, slot: slot, handle: handle)
        } else {
            attachRequested(attach, name: name, session: session, handle: handle)
        }
    }

    /// The link of ours that this attach answers.
    private func waitingLink(_ name: LinkName, session: Int) -> LinkSlot? {
        for slot in sessions[session].links where slot.isSender == name.isSender {
            if slot.isSender {
                if senders[slot.index].common.name == name.name, senders[slot.index].common.inputHandle == nil {
                    return slot
                }
            } else if receivers[slot.index].common.name == name.name,
                receivers[slot.index].common.inputHandle == nil
            {
                return slot
            }
        }
        return nil
    }

    /// Whether a live link of the session has this name and direction.
    private func hasLink(_ name: LinkName, session: Int) -> Bool {
        sessions[session].links.contains { slot in
            slot.isSender == name.isSender
                && (slot.isSender
                    ? senders[slot.index].common.name == name.name : receivers[slot.index].common.name == name.name)
        }
    }

    private mutating func attachAnswered(_ attach: Attach, slot: LinkSlot, handle: InputHandle) {
        let action: LinkStateMachine.AttachReceivedAction
        let id: LinkID
        if slot.isSender {
            let isRefusal = attach.target == nil && attach.unknownTarget == nil
            action = senders[slot.index].common.machine.attachReceived(isRefusal: isRefusal)
            senders[slot.index].common.adopt(attach, handle: handle)
            senders[slot.index].maxMessageSize = attach.maxMessageSize ?? 0
            id = senders[slot.index].common.id
            _ = sessions[senders[slot.index].common.session].handles.bind(handle, to: slot)
        } else {
            action = receivers[slot.index].common.machine.attachReceived(isRefusal: attach.source == nil)
            receivers[slot.index].common.adopt(attach, handle: handle)
            receivers[slot.index].credit.attachReceived(initialDeliveryCount: attach.initialDeliveryCount ?? 0)
            id = receivers[slot.index].common.id
            _ = sessions[receivers[slot.index].common.session].handles.bind(handle, to: slot)
        }
        switch action {
        case .reportAttached:
            events.append(.linkAttached(id, attach))
            if !slot.isSender, receivers[slot.index].credit.credit > 0 { needFlow(receiver: slot.index) }
        case .awaitDetach, .ignore, .request, .violation:
            break
        }
    }

    private mutating func attachRequested(
        _ attach: Attach,
        name: LinkName,
        session: Int,
        handle: InputHandle
    ) {
        let isDuplicate = hasLink(name, session: session)
        guard
            let slot = insertLink(
                name,
                session: session,
                projection: .none,
                maximumMessageSize: configuration.limits.maximumMessageSize
            )
        else {
            violated(
                ProtocolViolation(.session, .resourceLimitExceeded, "too many links", section: "2.7.2"),
                session: session
            )
            return
        }
        _ = sessions[session].handles.bind(handle, to: slot)
        let ownsName = linkNames.insert(name).inserted
        let id: LinkID
        if slot.isSender {
            _ = senders[slot.index].common.machine.attachReceived(isRefusal: false)
            senders[slot.index].common.adopt(attach, handle: handle)
            senders[slot.index].common.request = attach
            senders[slot.index].common.ownsName = ownsName
            senders[slot.index].maxMessageSize = attach.maxMessageSize ?? 0
            id = senders[slot.index].common.id
        } else {
            _ = receivers[slot.index].common.machine.attachReceived(isRefusal: false)
            receivers[slot.index].common.adopt(attach, handle: handle)
            receivers[slot.index].common.request = attach
            receivers[slot.index].common.ownsName = ownsName
            receivers[slot.index].credit.attachReceived(initialDeliveryCount: attach.initialDeliveryCount ?? 0)
            id = receivers[slot.index].common.id
        }
        if isDuplicate {
            // Names are unique; which of the two would be meant by it? The one that was there first stays.
            let error = AMQPErrorInfo(condition: .notAllowed, description: "the link name \(name.name) is in use")
            detach(slot, closed: true, error: error, isViolation: true)
        } else {
            events.append(.linkRequested(id, sessions[session].id, attach))
        }
    }

    mutating func detachReceived(_ detach: Detach, session: Int) {
        let handle = InputHandle(rawValue: detach.handle)
        guard let slot = sessions[session].handles.link(for: handle) else {
            unattached(handle, session: session)
            return
        }
        let action: LinkStateMachine.DetachReceivedAction
        let output: OutputHandle
        let wasUnanswered: Bool
        if slot.isSender {
            wasUnanswered = senders[slot.index].common.machine.awaitsAcceptance
            action = senders[slot.index].common.machine.detachReceived()
            output = senders[slot.index].common.outputHandle
        } else {
            wasUnanswered = receivers[slot.index].common.machine.awaitsAcceptance
            action = receivers[slot.index].common.machine.detachReceived()
            output = receivers[slot.index].common.outputHandle
        }
        switch action {
        case .answerAndReport:
            // Our handle has no meaning to the peer before our attach; it gave up before we answered.
            if wasUnanswered { writeRefusalAttach(slot) }
            answer(detach, handle: output, session: session)
            removeLink(slot, .detachedByPeer(closed: detach.closed, error: detach.error))
        case .answerAndReportRefusal:
            answer(detach, handle: output, session: session)
            removeLink(slot, .refusedByPeer(detach.error))
        case .reportLocalEnd:
            removeLink(slot, .detachedLocally(answer: detach.error))
        case .forget:
            removeLink(slot, nil)
        case .violation:
            unattached(handle, session: session)
        }
    }

    private mutating func answer(_ detach: Detach, handle: OutputHandle, session: Int) {
        guard let channel = ensureChannel(of: session) else { return }
        flushDisposition(of: session, on: channel)
        write(.detach(Detach(handle: handle.rawValue, closed: detach.closed)), on: channel.rawValue)
    }

    mutating func unattached(_ handle: InputHandle, session: Int) {
        violated(
            ProtocolViolation(
                .session,
                .unattachedHandle,
                "handle \(handle.rawValue) has no link",
                section: "2.6.2"
            ),
            session: session
        )
    }

    /// The peer broke a rule of the link: detach it and drop what the peer still sends there.
    mutating func violated(_ violation: ProtocolViolation, slot: LinkSlot) {
        handOverDeliveries()
        detach(slot, closed: true, error: violation.error, isViolation: true)
        events.append(.linkDetached(linkID(of: slot), .violation(violation)))
    }

    func linkID(of slot: LinkSlot) -> LinkID {
        slot.isSender ? senders[slot.index].common.id : receivers[slot.index].common.id
    }

    /// Writes what ends a link from our side.
    mutating func detach(_ slot: LinkSlot, closed: Bool, error: AMQPErrorInfo?, isViolation: Bool) {
        let action: LinkStateMachine.DetachAction
        let session: Int
        let handle: OutputHandle
        if slot.isSender {
            action = senders[slot.index].common.machine.detach(isViolation: isViolation)
            session = senders[slot.index].common.session
            handle = senders[slot.index].common.outputHandle
            senders[slot.index].dropPending()
            sessions[session].outgoingUnsettled.removeAll(of: slot.index)
        } else {
            action = receivers[slot.index].common.machine.detach(isViolation: isViolation)
            session = receivers[slot.index].common.session
            handle = receivers[slot.index].common.outputHandle
        }
        guard action != .none, let channel = ensureChannel(of: session) else { return }
        flushDisposition(of: session, on: channel)
        if !slot.isSender { sessions[session].incomingUnsettled.removeAll(of: slot.index) }
        if action == .sendRefusal { writeRefusalAttach(slot) }
        write(.detach(Detach(handle: handle.rawValue, closed: closed, error: error)), on: channel.rawValue)
    }

    /// Answers the peer's attach with one that names no terminus: a detach is to follow.
    private mutating func writeRefusalAttach(_ slot: LinkSlot) {
        let session = slot.isSender ? senders[slot.index].common.session : receivers[slot.index].common.session
        let request = slot.isSender ? senders[slot.index].common.request : receivers[slot.index].common.request
        let handle = slot.isSender ? senders[slot.index].common.outputHandle : receivers[slot.index].common.outputHandle
        guard let channel = ensureChannel(of: session), let request else { return }
        let attach = Attach(
            name: request.name,
            handle: handle.rawValue,
            role: request.role.opposite,
            sndSettleMode: request.sndSettleMode,
            rcvSettleMode: request.rcvSettleMode,
            initialDeliveryCount: slot.isSender ? SenderCredit.initialDeliveryCount : nil
        )
        write(.attach(attach), on: channel.rawValue)
    }

    /// Our channel of a session; answers the peer's begin if that has not been done.
    mutating func ensureChannel(of session: Int) -> OutgoingChannel? {
        if let channel = sessions[session].machine.outgoingChannel { return channel }
        return accept(session)
    }

    /// Answers the peer's begin. Nil: no channel is free, or there is nothing to answer.
    mutating func accept(_ session: Int) -> OutgoingChannel? {
        guard sessions[session].machine.awaitsAcceptance,
            let channel = channels.allocate(for: session, remoteMaximum: remoteChannelMax)
        else { return nil }
        switch sessions[session].machine.accept(on: channel) {
        case .sendBegin(_, let remoteChannel):
            write(
                .begin(sessions[session].options.begin(remoteChannel: remoteChannel?.rawValue)),
                on: channel.rawValue
            )
            return channel
        case .reject:
            return nil
        }
    }

    /// A new link in a free slot, or nil when there is no room for it.
    mutating func insertLink(
        _ name: LinkName,
        session: Int,
        projection: AnnotationProjection,
        maximumMessageSize: UInt64
    ) -> LinkSlot? {
        guard senders.count + receivers.count < configuration.limits.maximumLinks,
            let handle = sessions[session].handles.allocate(remoteMaximum: sessions[session].remoteHandleMax)
        else { return nil }
        let next = name.isSender ? senders.nextSlot : receivers.nextSlot
        let id = LinkID(isSender: name.isSender, index: next.index, generation: next.generation)
        let common = LinkEndpoint(id: id, session: session, name: name.name, outputHandle: handle)
        let index =
            name.isSender
            ? senders.insert(SenderLink(common: common))
            : receivers.insert(
                ReceiverLink(
                    common: common,
                    projection: projection,
                    maximumMessageSize: maximumMessageSize,
                    creditOverrun: configuration.limits.creditOverrun
                )
            )
        let slot = LinkSlot(isSender: name.isSender, index: index)
        sessions[session].links.append(slot)
        return slot
    }

    /// Forgets a link; `reason` is nil when its end has been reported, and not used when the link says so itself.
    mutating func removeLink(_ slot: LinkSlot, _ reason: LinkEnd?) {
        handOverDeliveries()
        let session: Int
        if slot.isSender {
            session = senders[slot.index].common.session
            sessions[session].outgoingUnsettled.removeAll(of: slot.index)
        } else {
            session = receivers[slot.index].common.session
            sessions[session].incomingUnsettled.removeAll(of: slot.index)
        }
        release(slot, session: session)
        if let reason, needsEndReport(slot) || !reason.endsWithSession {
            events.append(.linkDetached(linkID(of: slot), reason))
        }
        if slot.isSender { senders.remove(at: slot.index) } else { receivers.remove(at: slot.index) }
    }

    private func needsEndReport(_ slot: LinkSlot) -> Bool {
        slot.isSender
            ? senders[slot.index].common.machine.needsEndReport : receivers[slot.index].common.machine.needsEndReport
    }

    /// Frees the handles and the name of a link.
    private mutating func release(_ slot: LinkSlot, session: Int) {
        let input = slot.isSender ? senders[slot.index].common.inputHandle : receivers[slot.index].common.inputHandle
        let output = slot.isSender ? senders[slot.index].common.outputHandle : receivers[slot.index].common.outputHandle
        let name = slot.isSender ? senders[slot.index].common.name : receivers[slot.index].common.name
        let ownsName = slot.isSender ? senders[slot.index].common.ownsName : receivers[slot.index].common.ownsName
        if let input { sessions[session].handles.unbind(input) }
        sessions[session].handles.release(output)
        if ownsName { linkNames.remove(LinkName(name: name, isSender: slot.isSender)) }
        if let position = sessions[session].links.firstIndex(of: slot) { sessions[session].links.remove(at: position) }
    }
}

extension LinkEnd {
    fileprivate var endsWithSession: Bool {
        switch self {
        case .sessionEnded: true
        case .detachedLocally, .detachedByPeer, .refusedByPeer, .violation: false
        }
    }
}
