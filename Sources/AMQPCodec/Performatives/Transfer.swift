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

/// Carries a delivery, or a part of one, as the frame's payload (AMQP 1.0 part 2, section 2.7.5).
package struct Transfer: Sendable, Hashable {
    /// The link.
    package var handle: UInt32

    /// The delivery's number; may be nil from the second frame of a delivery on.
    package var deliveryID: UInt32?

    /// The sender's name for the delivery; may be nil from the second frame on.
    package var deliveryTag: [UInt8]?

    /// How the payload is to be understood; may be nil from the second frame on.
    package var messageFormat: UInt32?

    /// Whether the sender has settled; nil leaves what an earlier frame said.
    package var settled: Bool?

    /// Whether more frames of the delivery follow.
    package var more: Bool

    /// The settle mode of this delivery, when it is not that of the link.
    package var rcvSettleMode: ReceiverSettleMode?

    /// The state of the delivery at the sender.
    package var state: DeliveryState?

    /// Whether this resumes an earlier delivery.
    package var resume: Bool

    /// Whether the sender gives the delivery up.
    package var aborted: Bool

    /// Whether the answer to this delivery may wait for others.
    package var batchable: Bool

    package init(
        handle: UInt32,
        deliveryID: UInt32? = nil,
        deliveryTag: [UInt8]? = nil,
        messageFormat: UInt32? = nil,
        settled: Bool? = nil,
        more: Bool = false,
        rcvSettleMode: ReceiverSettleMode? = nil,
        state: DeliveryState? = nil,
        resume: Bool = false,
        aborted: Bool = false,
        batchable: Bool = false
    ) {
        self.handle = handle
        self.deliveryID = deliveryID
        self.deliveryTag = deliveryTag
        self.messageFormat = messageFormat
        self.settled = settled
        self.more = more
        self.rcvSettleMode = rcvSettleMode
        self.state = state
        self.resume = resume
        self.aborted = aborted
        self.batchable = batchable
    }
}

extension Transfer: Composite {
    package static var compositeType: CompositeType { .transfer }
    package static var fieldCount: Int { 11 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.handle = try fields.uint("handle", &reader).required("handle", at: reader.offset)
        self.deliveryID = try fields.uint("delivery-id", &reader)
        self.deliveryTag = try fields.binary("delivery-tag", &reader)
        self.messageFormat = try fields.uint("message-format", &reader)
        self.settled = try fields.bool("settled", &reader)
        self.more = try fields.bool("more", &reader) ?? false
        self.rcvSettleMode = try fields.choice("rcv-settle-mode", &reader)
        self.state = try fields.state("state", &reader)
        self.resume = try fields.bool("resume", &reader) ?? false
        self.aborted = try fields.bool("aborted", &reader) ?? false
        self.batchable = try fields.bool("batchable", &reader) ?? false
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(uint: self.handle)
        writer.write(uint: self.deliveryID)
        writer.write(binary: self.deliveryTag)
        writer.write(uint: self.messageFormat)
        writer.writeBool(self.settled)
        writer.writeBool(self.more)
        writer.write(ubyte: self.rcvSettleMode?.rawValue)
        writer.write(state: self.state)
        writer.writeTrueOrNull(self.resume)
        writer.writeTrueOrNull(self.aborted)
        writer.writeTrueOrNull(self.batchable)
    }
}
