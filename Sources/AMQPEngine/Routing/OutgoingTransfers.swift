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

/// From queued deliveries to transfer frames.
extension Engine {
    /// Deliveries that one sender may write before the next has its turn.
    private static var turn: Int { 64 }

    /// Puts a sender on the list of those that may write.
    mutating func makeReady(_ index: Int) {
        guard !senders[index].isReady else { return }
        senders[index].isReady = true
        readySenders.append(senders[index].common.id)
    }

    /// Gives the senders of a session that had to wait for it another chance.
    mutating func wakeSenders(of session: Int) {
        guard sessions[session].hasBlockedSenders else { return }
        sessions[session].hasBlockedSenders = false
        for slot in sessions[session].links where slot.isSender && !senders[slot.index].pending.isEmpty {
            makeReady(slot.index)
        }
    }

    /// Writes what waits, turn by turn, until nobody may write or enough is written.
    mutating func writeReadySenders() {
        while output.count < configuration.limits.outputHighWater, let id = readySenders.popFirst() {
            guard senders.contains(index: id.index, generation: id.generation) else { continue }
            let index = Int(id.index)
            senders[index].isReady = false
            let limit = configuration.limits.outputHighWater
            if writePending(index, deliveries: Self.turn, outputLimit: limit) { makeReady(index) }
        }
    }

    /// Writes what waits on one sender. True: more could be written.
    mutating func writePending(_ index: Int, deliveries: Int, outputLimit: Int) -> Bool {
        let session = senders[index].common.session
        guard senders[index].common.machine.isAttached, sessions[session].machine.isMapped,
            let channel = sessions[session].machine.outgoingChannel
        else { return false }
        var written = 0
        while let next = senders[index].pending.first {
            guard written < deliveries, output.count < outputLimit else { return true }
            guard writeFrames(of: next, sender: index, session: session, channel: channel, outputLimit: outputLimit)
            else { return output.count >= outputLimit }
            _ = senders[index].pending.popFirst()
            senders[index].pendingBytes -= next.delivery.payload.count
            written += 1
        }
        if senders[index].credit.isDrainRequested { needFlow(sender: index) }
        return false
    }

    /// Writes frames of one delivery as far as credit, window and room allow. True: all of it is written.
    private mutating func writeFrames(
        of pending: SenderLink.Pending,
        sender index: Int,
        session: Int,
        channel: OutgoingChannel,
        outputLimit: Int
    ) -> Bool {
        var progress: SenderLink.Progress
        var first: TransferHeader.First?
        if let begun = senders[index].progress {
            progress = begun
        } else {
            guard senders[index].credit.credit > 0, mayBegin(session) else { return false }
            progress = SenderLink.Progress(
                splitter: TransferSplitter(payloadCount: pending.delivery.payload.count),
                isSettled: senders[index].isSettled(pending.delivery)
            )
            first = beginDelivery(
                pending.delivery,
                number: pending.number,
                isSettled: progress.isSettled,
                sender: index,
                session: session
            )
        }
        while true {
            guard sessions[session].outgoingWindow.isOpen, output.count < outputLimit else {
                if !sessions[session].outgoingWindow.isOpen { sessions[session].hasBlockedSenders = true }
                senders[index].progress = progress
                return false
            }
            var header = TransferHeader(
                channel: channel.rawValue,
                handle: senders[index].common.outputHandle.rawValue,
                first: first,
                isSettled: progress.isSettled,
                more: false
            )
            let piece = progress.splitter.next(maximumFrameSize: remoteMaxFrameSize, headerSize: header.size)
            header.more = piece.more
            write(header, pending.delivery.payload, piece.range)
            sessions[session].outgoingWindow.transferSent()
            first = nil
            guard piece.more else { break }
        }
        senders[index].progress = nil
        return true
    }

    /// Whether the session lets another delivery begin; notes that senders wait if not.
    @inline(__always)
    mutating func mayBegin(_ session: Int) -> Bool {
        if sessions[session].outgoingWindow.isOpen,
            sessions[session].outgoingUnsettled.count < configuration.limits.maximumUnsettled
        {
            return true
        }
        sessions[session].hasBlockedSenders = true
        return false
    }

    /// Takes an id and a credit for a delivery, and keeps it in mind if it is not settled.
    @inline(__always)
    mutating func beginDelivery(
        _ delivery: OutgoingDelivery,
        number: UInt64,
        isSettled: Bool,
        sender index: Int,
        session: Int
    ) -> TransferHeader.First {
        let deliveryID = sessions[session].takeDeliveryID()
        senders[index].credit.deliverySent()
        if !isSettled {
            _ = sessions[session].outgoingUnsettled.append(id: deliveryID, link: index, number: number)
        }
        return TransferHeader.First(
            deliveryID: deliveryID,
            tag: delivery.tag,
            counter: UInt32(truncatingIfNeeded: number),
            messageFormat: delivery.messageFormat
        )
    }

    /// Writes one frame. Its header is written in place, its payload copied or referenced according to its size.
    @inline(__always)
    mutating func write(
        _ header: TransferHeader,
        _ payload: [UInt8],
        _ range: Range<Int>,
        announcing size: Int? = nil
    ) {
        let space = unsafe output.reserve(TransferHeader.maximumSize)
        // `write` stores at most the `maximumSize` bytes that were reserved.
        output.commit(unsafe header.write(to: space, payloadCount: size ?? range.count))
        output.append(payload, range)
        if let trace = configuration.frameTrace {
            trace(
                TracedFrame(
                    direction: .outgoing,
                    channel: header.channel,
                    content: .performative(.transfer(header.transfer)),
                    payloadSize: size ?? range.count
                )
            )
        }
    }
}

extension TransferHeader {
    /// The same as a performative, for the trace.
    fileprivate var transfer: Transfer {
        let counter = first.map { first in
            first.tag ?? (0..<4).map { UInt8(truncatingIfNeeded: first.counter >> (24 - 8 * $0)) }
        }
        return Transfer(
            handle: handle,
            deliveryID: first?.deliveryID,
            deliveryTag: counter,
            messageFormat: first?.messageFormat,
            settled: isSettled,
            more: more,
            aborted: isAborted
        )
    }
}
