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

/// What ``FrameIntake/takeTransfers(for:limit:)`` took.
package struct TransferRun: Equatable, Sendable {
    /// How many whole deliveries, one frame each; 0 when the frame at the front is for the general way.
    package var count = 0
    /// The delivery-id of the first; the others follow it one by one.
    package var firstDeliveryID: UInt32 = 0
    /// Whether the sender settled them.
    package var isSettled = false
}

/// The channel and handle of a transfer frame.
package struct TransferAddress: Equatable, Sendable {
    package let channel: UInt16
    package let handle: UInt32
}

extension FrameIntake {
    /// The address of the transfer frame at the front, read without decoding it; nil for anything else.
    package func peekTransferAddress() -> TransferAddress? {
        guard let base = unsafe base, unconsumedCount >= 20 else { return nil }
        let start = readOffset
        // A data offset of 2, type AMQP; then the transfer's descriptor in its compact form and a list.
        guard unsafe RawValue.bits16(base, start + 4) == 0x0200, unsafe RawValue.bits16(base, start + 8) == 0x0053,
            unsafe RawValue.byte(base, start + 10) == 0x14
        else { return nil }
        let field: Int
        switch unsafe RawValue.byte(base, start + 11) {
        case 0xc0: field = start + 14
        case 0xd0: field = start + 20
        default: return nil
        }
        guard writeOffset - field >= 5 else { return nil }
        let handle: UInt32
        switch unsafe RawValue.byte(base, field) {
        case 0x43: handle = 0
        case 0x52: handle = unsafe UInt32(RawValue.byte(base, field + 1))
        case 0x70: handle = unsafe RawValue.bits32(base, field + 1)
        default: return nil
        }
        return unsafe TransferAddress(channel: RawValue.bits16(base, start + 6), handle: handle)
    }

    /// Takes as many of the frames at the front as are single-frame transfers of a layout that `link` knows.
    ///
    /// The frames are consumed and their deliveries wait in `link`. Delivery-ids within a run follow each other; where they do
    /// not, the run ends. The caller has found the link by ``peekTransferAddress()`` and does the counting: one transfer
    /// off the session's window and one credit off the link for each delivery of the run. `limit` is the credit and
    /// window left; the frame that would exceed it is left to the general way.
    package mutating func takeTransfers(for link: TransferIntake, limit: Int) -> TransferRun {
        guard let base = unsafe base, limit > 0 else { return TransferRun() }
        let recent = unsafe link.state.pointee.recent
        for attempt in 0..<TransferIntake.templateCount {
            let index = (recent + attempt) % TransferIntake.templateCount
            let start = readOffset
            let run = unsafe take(base: base, for: link, template: link.state.pointee.templates + index, limit: limit)
            if run.count > 0 {
                link.matched(run.count, size: readOffset - start, template: index)
                return run
            }
        }
        return TransferRun()
    }

    /// Takes frames of one layout. The template is passed by address: it is larger than all that is done with it per frame.
    private mutating func take(
        base: UnsafeRawPointer,
        for link: TransferIntake,
        template: UnsafeMutablePointer<LayoutTemplate>,
        limit: Int
    ) -> TransferRun {
        // A local copy: what is written to the descriptors could alias the template, as far as the compiler knows.
        let layout = unsafe template.pointee
        let minimumLength = unsafe layout.minimumLength
        let end = writeOffset
        let maximumSize = maximumFrameSize
        var start = readOffset
        let firstSize = unsafe Int(RawValue.bits32(base, start))
        guard unsafe layout.isLearned, firstSize >= minimumLength, firstSize <= end &- start,
            unsafe layout.matches(base + start)
        else { return TransferRun() }
        let firstDeliveryID = unsafe layout.deliveryID(in: base + start)
        var deliveryID = firstDeliveryID
        var count = 0
        // So many are there if all have this size, and room for the one in which the run ends.
        let expected = min(limit, (end &- start) / firstSize + 1)
        frames: while count < limit {
            var (next, room) = unsafe link.reserve(
                behind: count,
                expecting: max(expected - count, 1),
                from: pool.descriptors
            )
            let stop = min(limit, count + room)
            while count < stop {
                // The size is within what has been received and what is legal before anything behind it is looked at. At the
                // end of what has been received it is padding, or what an earlier frame has left; it is above zero and no
                // larger than the rest only if a whole frame stands there.
                let size = unsafe Int(RawValue.bits32(base, start))
                guard size <= end &- start, size >= minimumLength, size <= maximumSize,
                    unsafe layout.matches(base + start),
                    unsafe layout.deliveryID(in: base + start) == deliveryID,
                    unsafe layout.load(base: base, start: start, size: size, into: next)
                else { break frames }
                unsafe next.pointee.deliveryID = deliveryID
                deliveryID &+= 1
                count &+= 1
                start &+= size
                unsafe next += 1
            }
        }
        readOffset = start
        return unsafe TransferRun(
            count: count,
            firstDeliveryID: count > 0 ? firstDeliveryID : 0,
            isSettled: count > 0 && layout.common.isSettled
        )
    }
}
