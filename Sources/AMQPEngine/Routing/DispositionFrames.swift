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

/// The effect of disposition, and the dispositions we write.
extension Engine {
    mutating func dispositionReceived(_ disposition: Disposition, session: Int) {
        switch disposition.role {
        case .receiver: receiverDisposition(disposition, session: session)
        case .sender: senderDisposition(disposition, session: session)
        }
    }

    /// The peer received what we sent.
    private mutating func receiverDisposition(_ disposition: Disposition, session: Int) {
        // A terminal state that is not settled (receiver-settle-mode second) waits for us to settle: we know the outcome now.
        let isFinal = disposition.settled || disposition.state?.outcome != nil
        let last = disposition.last ?? disposition.first
        var found: [UnsettledDeliveries.Run] = []
        swap(&found, &runs)
        sessions[session].outgoingUnsettled.visit(from: disposition.first, through: last, removing: isFinal) { run in
            found.append(run)
        }
        for run in found {
            events.append(
                .deliveryUpdated(
                    senders[run.link].common.id,
                    SendID(run.firstNumber),
                    SendID(run.lastNumber),
                    disposition.state,
                    settled: isFinal
                )
            )
            guard isFinal, !disposition.settled else { continue }
            settle(
                Disposition(
                    role: .sender,
                    first: run.firstID,
                    last: run.lastID,
                    settled: true,
                    state: disposition.state
                ),
                session: session
            )
        }
        if isFinal, !found.isEmpty { wakeSenders(of: session) }
        found.removeAll(keepingCapacity: true)
        swap(&found, &runs)
    }

    /// The peer settles what it sent to us.
    private mutating func senderDisposition(_ disposition: Disposition, session: Int) {
        guard disposition.settled else { return }
        let last = disposition.last ?? disposition.first
        var found: [UnsettledDeliveries.Run] = []
        sessions[session].incomingUnsettled.visit(from: disposition.first, through: last, removing: true) { run in
            found.append(run)
        }
        if !found.isEmpty { handOverDeliveries() }
        for run in found {
            events.append(
                .deliveriesSettledBySender(
                    receivers[run.link].common.id,
                    DeliveryID(run.firstID),
                    DeliveryID(run.lastID),
                    disposition.state
                )
            )
        }
    }

    /// Puts a disposition where the next may join it.
    mutating func settle(_ disposition: Disposition, session: Int) {
        if let earlier = sessions[session].settle(disposition),
            let channel = sessions[session].machine.outgoingChannel
        {
            writeDisposition(earlier, on: channel)
        }
        list(session)
    }

    mutating func flushDispositions() {
        for id in listedSessions where sessions.contains(index: id.index, generation: id.generation) {
            let index = Int(id.index)
            if let channel = sessions[index].machine.outgoingChannel { flushDisposition(of: index, on: channel) }
        }
    }

    mutating func flushDisposition(of session: Int, on channel: OutgoingChannel) {
        guard let disposition = sessions[session].pendingDisposition.take() else { return }
        writeDisposition(disposition, on: channel)
    }

    /// One delivery is named by `first` alone, as the service does.
    private mutating func writeDisposition(_ disposition: Disposition, on channel: OutgoingChannel) {
        var disposition = disposition
        if disposition.last == disposition.first { disposition.last = nil }
        write(.disposition(disposition), on: channel.rawValue)
    }
}
