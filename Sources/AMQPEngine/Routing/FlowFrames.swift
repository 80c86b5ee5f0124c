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

/// The effect of flow, and the flows we write.
extension Engine {
    mutating func flowReceived(_ flow: Flow, session: Int) {
        sessions[session].incomingWindow.flowReceived(nextOutgoingID: flow.nextOutgoingID)
        sessions[session].outgoingWindow.flowReceived(
            nextIncomingID: flow.nextIncomingID,
            incomingWindow: flow.incomingWindow
        )
        if sessions[session].outgoingWindow.isOpen {
            wakeSenders(of: session)
            reportRoom()
        }
        guard let handle = flow.handle else {
            if flow.echo { needFlow(session: session) }
            return
        }
        guard let slot = sessions[session].handles.link(for: InputHandle(rawValue: handle)) else {
            unattached(InputHandle(rawValue: handle), session: session)
            return
        }
        if slot.isSender {
            flowReceived(flow, sender: slot.index)
        } else {
            flowReceived(flow, receiver: slot.index)
        }
    }

    private mutating func flowReceived(_ flow: Flow, sender index: Int) {
        guard senders[index].common.machine.reception == .open else { return }
        if let linkCredit = flow.linkCredit {
            senders[index].credit.flowReceived(
                deliveryCount: flow.deliveryCount,
                linkCredit: linkCredit,
                drain: flow.drain
            )
        }
        let id = senders[index].common.id
        events.append(.flowReceived(id, flow))
        if flow.echo || flow.drain { needFlow(sender: index) }
        guard senders[index].common.machine.isAttached else { return }
        reportCredit(of: index)
        if !senders[index].pending.isEmpty { makeReady(index) }
    }

    /// Tells the application how many deliveries may follow those that wait.
    mutating func reportCredit(of index: Int) {
        let waiting = UInt32(clamping: senders[index].pending.count)
        let credit = senders[index].credit.credit
        if credit > waiting { events.append(.creditAvailable(senders[index].common.id, credit - waiting)) }
    }

    /// The peer sends on this link: its count matters, the credit it claims does not (the Python client claims some).
    private mutating func flowReceived(_ flow: Flow, receiver index: Int) {
        guard receivers[index].common.machine.reception == .open else { return }
        handOverDeliveries()
        receivers[index].credit.flowReceived(deliveryCount: flow.deliveryCount)
        let id = receivers[index].common.id
        events.append(.flowReceived(id, flow))
        if receivers[index].credit.completeDrainIfExhausted() { events.append(.linkDrained(id)) }
        if flow.echo { needFlow(receiver: index) }
    }

    // MARK: What has to be written

    mutating func needFlow(session: Int) {
        sessions[session].needsFlow = true
        list(session)
    }

    mutating func needFlow(sender index: Int) {
        guard !senders[index].needsFlow else { return }
        senders[index].needsFlow = true
        flowingSenders.append(senders[index].common.id)
    }

    mutating func needFlow(receiver index: Int) {
        guard !receivers[index].needsFlow else { return }
        receivers[index].needsFlow = true
        flowingReceivers.append(receivers[index].common.id)
    }

    /// Puts a session on the list of those with something to write.
    mutating func list(_ session: Int) {
        guard !sessions[session].isListed else { return }
        sessions[session].isListed = true
        listedSessions.append(sessions[session].id)
    }

    /// Writes everything that has been put off so that one frame can say it all.
    mutating func prepareOutput() {
        flushDispositions()
        for id in flowingReceivers where receivers.contains(index: id.index, generation: id.generation) {
            writeFlow(receiver: Int(id.index))
        }
        flowingReceivers.removeAll(keepingCapacity: true)
        for id in listedSessions where sessions.contains(index: id.index, generation: id.generation) {
            let index = Int(id.index)
            sessions[index].isListed = false
            guard sessions[index].needsFlow, sessions[index].machine.isMapped,
                let channel = sessions[index].machine.outgoingChannel
            else { continue }
            write(.flow(sessions[index].makeFlow()), on: channel.rawValue)
        }
        listedSessions.removeAll(keepingCapacity: true)
        writeReadySenders()
        for id in flowingSenders where senders.contains(index: id.index, generation: id.generation) {
            writeFlow(sender: Int(id.index))
        }
        flowingSenders.removeAll(keepingCapacity: true)
    }

    private mutating func writeFlow(receiver index: Int) {
        receivers[index].needsFlow = false
        let session = receivers[index].common.session
        guard receivers[index].common.machine.isAttached, let channel = sessions[session].machine.outgoingChannel
        else { return }
        var flow = sessions[session].makeFlow()
        flow.handle = receivers[index].common.outputHandle.rawValue
        flow.deliveryCount = receivers[index].credit.deliveryCount.rawValue
        flow.linkCredit = receivers[index].credit.credit
        flow.drain = receivers[index].credit.isDraining
        flow.echo = receivers[index].wantsEcho
        receivers[index].wantsEcho = false
        write(.flow(flow), on: channel.rawValue)
    }

    private mutating func writeFlow(sender index: Int) {
        senders[index].needsFlow = false
        let session = senders[index].common.session
        guard senders[index].common.machine.isAttached, let channel = sessions[session].machine.outgoingChannel
        else { return }
        let isDrain = senders[index].credit.isDrainRequested
        if isDrain {
            // What waits for the window is still to use up credit; the flow follows it.
            guard senders[index].pending.isEmpty || senders[index].credit.credit == 0 else { return }
            senders[index].credit.completeDrain()
        }
        var flow = sessions[session].makeFlow()
        flow.handle = senders[index].common.outputHandle.rawValue
        flow.deliveryCount = senders[index].credit.deliveryCount.rawValue
        flow.linkCredit = senders[index].credit.credit
        flow.available = UInt32(clamping: senders[index].pending.count)
        flow.drain = isDrain
        write(.flow(flow), on: channel.rawValue)
    }
}
