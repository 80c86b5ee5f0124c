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

/// What became of a delivery given to ``Engine/sendSettled(_:prefix:message:)``.
package enum SettledSendResult: Equatable, Sendable {
    /// It is on its way.
    case sent
    /// It was not taken: the receiver's next grant brings ``EngineEvent/creditAvailable(_:_:)``.
    case noCredit
    /// It was not taken: as soon as window and output have room again there is ``EngineEvent/creditAvailable(_:_:)``.
    case noRoom
}

/// Sending straight from somebody's memory, for servers that read a log: nothing is queued, nothing allocated.
extension Engine {
    /// Writes a settled delivery with an empty tag and the message format 0, if credit, window and output allow it now.
    ///
    /// Only a message larger than the peer's frames is copied to wait for its turn; the next one then has to wait for it.
    ///
    /// - Parameters:
    ///   - link: a sender.
    ///   - prefix: encoded sections in front of the message.
    ///   - message: the encoded message; not kept.
    /// - Returns: whether it was sent, and if not why.
    /// - Throws: ``UsageError`` when there is no such link, or it is not attached.
    package mutating func sendSettled(
        _ link: LinkID,
        prefix: [UInt8] = [],
        message: UnsafeRawBufferPointer
    ) throws(UsageError) -> SettledSendResult {
        guard link.isSender, senders.contains(index: link.index, generation: link.generation) else {
            throw .unknownLink
        }
        let index = Int(link.index)
        guard senders[index].common.machine.isAttached else { throw .linkNotAttached }
        guard senders[index].credit.credit > 0 else { return .noCredit }
        let session = senders[index].common.session
        guard senders[index].pending.isEmpty, output.count < configuration.limits.outputHighWater,
            sessions[session].machine.isMapped, let channel = sessions[session].machine.outgoingChannel,
            sessions[session].outgoingWindow.isOpen
        else {
            noteWaiting(index)
            return .noRoom
        }
        let size = prefix.count + message.count
        guard size + TransferHeader.maximumSize <= remoteMaxFrameSize else {
            queue(unsafe prefix + Array(message), sender: index)
            return .sent
        }
        senders[index].nextNumber += 1
        senders[index].credit.deliverySent()
        sessions[session].outgoingWindow.transferSent()
        let first = TransferHeader.First(
            deliveryID: sessions[session].takeDeliveryID(),
            tag: [],
            counter: 0,
            messageFormat: 0
        )
        let header = TransferHeader(
            channel: channel.rawValue,
            handle: senders[index].common.outputHandle.rawValue,
            first: first,
            isSettled: true,
            more: false
        )
        write(header, prefix, 0..<prefix.count, announcing: size)
        unsafe output.append(message)
        return .sent
    }

    private mutating func queue(_ payload: [UInt8], sender index: Int) {
        let number = senders[index].nextNumber
        senders[index].nextNumber = number + 1
        senders[index].pendingBytes += payload.count
        senders[index].pending.append(
            SenderLink.Pending(
                delivery: OutgoingDelivery(payload: payload, tag: [], settled: true),
                number: number
            )
        )
        makeReady(index)
    }

    private mutating func noteWaiting(_ index: Int) {
        guard !senders[index].awaitsRoom else { return }
        senders[index].awaitsRoom = true
        waitingSenders.append(senders[index].common.id)
    }

    /// Tells the senders that had to wait for room that there is some.
    mutating func reportRoom() {
        guard !waitingSenders.isEmpty, output.count < configuration.limits.outputHighWater / 2 else { return }
        let waiting = waitingSenders
        waitingSenders.removeAll(keepingCapacity: true)
        for id in waiting where senders.contains(index: id.index, generation: id.generation) {
            let index = Int(id.index)
            let session = senders[index].common.session
            if senders[index].pending.isEmpty, sessions[session].outgoingWindow.isOpen {
                senders[index].awaitsRoom = false
                reportCredit(of: index)
            } else {
                waitingSenders.append(id)
            }
        }
    }
}
