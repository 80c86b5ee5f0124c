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

/// Updates the flow state of a session, and of a link when a handle is given (AMQP 1.0 part 2, section 2.7.4).
package struct Flow: Sendable, Hashable {
    /// The transfer number expected next; nil before the peer's begin has arrived.
    package var nextIncomingID: UInt32?

    /// How many transfers this side can take now.
    package var incomingWindow: UInt32

    /// The transfer number that this side sends next.
    package var nextOutgoingID: UInt32

    /// How many transfers this side can send now.
    package var outgoingWindow: UInt32

    /// The link; nil when only the session is meant.
    package var handle: UInt32?

    /// The sender's count of deliveries.
    package var deliveryCount: UInt32?

    /// How many more deliveries the receiver takes after the delivery count.
    package var linkCredit: UInt32?

    /// How many deliveries the sender has waiting.
    package var available: UInt32?

    /// Whether the sender shall use up the credit at once.
    package var drain: Bool

    /// Whether the peer shall answer with its own flow state.
    package var echo: Bool

    /// Extensions of the link state.
    package var properties: AMQPMap?

    package init(
        nextIncomingID: UInt32? = nil,
        incomingWindow: UInt32,
        nextOutgoingID: UInt32,
        outgoingWindow: UInt32,
        handle: UInt32? = nil,
        deliveryCount: UInt32? = nil,
        linkCredit: UInt32? = nil,
        available: UInt32? = nil,
        drain: Bool = false,
        echo: Bool = false,
        properties: AMQPMap? = nil
    ) {
        self.nextIncomingID = nextIncomingID
        self.incomingWindow = incomingWindow
        self.nextOutgoingID = nextOutgoingID
        self.outgoingWindow = outgoingWindow
        self.handle = handle
        self.deliveryCount = deliveryCount
        self.linkCredit = linkCredit
        self.available = available
        self.drain = drain
        self.echo = echo
        self.properties = properties
    }
}

extension Flow: Composite {
    package static var compositeType: CompositeType { .flow }
    package static var fieldCount: Int { 11 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.nextIncomingID = try fields.uint("next-incoming-id", &reader)
        self.incomingWindow = try fields.uint("incoming-window", &reader).required("incoming-window", at: reader.offset)
        self.nextOutgoingID = try fields.uint("next-outgoing-id", &reader).required(
            "next-outgoing-id",
            at: reader.offset
        )
        self.outgoingWindow = try fields.uint("outgoing-window", &reader).required("outgoing-window", at: reader.offset)
        self.handle = try fields.uint("handle", &reader)
        self.deliveryCount = try fields.uint("delivery-count", &reader)
        self.linkCredit = try fields.uint("link-credit", &reader)
        self.available = try fields.uint("available", &reader)
        self.drain = try fields.bool("drain", &reader) ?? false
        self.echo = try fields.bool("echo", &reader) ?? false
        self.properties = try fields.map("properties", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(uint: self.nextIncomingID)
        writer.write(uint: self.incomingWindow)
        writer.write(uint: self.nextOutgoingID)
        writer.write(uint: self.outgoingWindow)
        writer.write(uint: self.handle)
        writer.write(uint: self.deliveryCount)
        writer.write(uint: self.linkCredit)
        writer.write(uint: self.available)
        writer.writeTrueOrNull(self.drain)
        writer.writeBool(self.echo)
        writer.write(map: self.properties)
    }
}
