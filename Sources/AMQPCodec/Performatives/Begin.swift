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

/// Begins a session on a channel (AMQP 1.0 part 2, section 2.7.2).
package struct Begin: Sendable, Hashable {
    /// The peer's channel, when this answers its begin.
    package var remoteChannel: UInt16?

    /// The transfer number that this side sends next.
    package var nextOutgoingID: UInt32

    /// How many transfers this side can take now.
    package var incomingWindow: UInt32

    /// How many transfers this side can send now.
    package var outgoingWindow: UInt32

    /// The highest handle that may be used.
    package var handleMax: UInt32

    /// Extensions that this side supports.
    package var offeredCapabilities: [Symbol]

    /// Extensions that this side would use.
    package var desiredCapabilities: [Symbol]

    /// What the peer may know about the session.
    package var properties: AMQPMap?

    package init(
        remoteChannel: UInt16? = nil,
        nextOutgoingID: UInt32,
        incomingWindow: UInt32,
        outgoingWindow: UInt32,
        handleMax: UInt32 = .max,
        offeredCapabilities: [Symbol] = [],
        desiredCapabilities: [Symbol] = [],
        properties: AMQPMap? = nil
    ) {
        self.remoteChannel = remoteChannel
        self.nextOutgoingID = nextOutgoingID
        self.incomingWindow = incomingWindow
        self.outgoingWindow = outgoingWindow
        self.handleMax = handleMax
        self.offeredCapabilities = offeredCapabilities
        self.desiredCapabilities = desiredCapabilities
        self.properties = properties
    }
}

extension Begin: Composite {
    package static var compositeType: CompositeType { .begin }
    package static var fieldCount: Int { 8 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.remoteChannel = try fields.ushort("remote-channel", &reader)
        self.nextOutgoingID = try fields.uint("next-outgoing-id", &reader).required(
            "next-outgoing-id",
            at: reader.offset
        )
        self.incomingWindow = try fields.uint("incoming-window", &reader).required("incoming-window", at: reader.offset)
        self.outgoingWindow = try fields.uint("outgoing-window", &reader).required("outgoing-window", at: reader.offset)
        self.handleMax = try fields.uint("handle-max", &reader) ?? .max
        self.offeredCapabilities = try fields.symbols("offered-capabilities", &reader)
        self.desiredCapabilities = try fields.symbols("desired-capabilities", &reader)
        self.properties = try fields.map("properties", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(ushort: self.remoteChannel)
        writer.write(uint: self.nextOutgoingID)
        writer.write(uint: self.incomingWindow)
        writer.write(uint: self.outgoingWindow)
        writer.write(uint: self.handleMax)
        writer.write(symbols: self.offeredCapabilities)
        writer.write(symbols: self.desiredCapabilities)
        writer.write(map: self.properties)
    }
}
