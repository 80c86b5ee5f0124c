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

/// Opens a connection and states its limits (AMQP 1.0 part 2, section 2.7.1).
package struct Open: Sendable, Hashable {
    /// The container that opens.
    package var containerID: String

    /// The virtual host that the peer is to serve.
    package var hostname: String?

    /// The largest frame that this side accepts.
    package var maxFrameSize: UInt32

    /// The highest channel that may be used.
    package var channelMax: UInt16

    /// After how many milliseconds of silence this side may close; nil for never.
    package var idleTimeOut: UInt32?

    /// The languages of texts that this side can send.
    package var outgoingLocales: [Symbol]

    /// The languages of texts that this side would like.
    package var incomingLocales: [Symbol]

    /// Extensions that this side supports.
    package var offeredCapabilities: [Symbol]

    /// Extensions that this side would use.
    package var desiredCapabilities: [Symbol]

    /// What the peer may know about this container.
    package var properties: AMQPMap?

    package init(
        containerID: String,
        hostname: String? = nil,
        maxFrameSize: UInt32 = .max,
        channelMax: UInt16 = .max,
        idleTimeOut: UInt32? = nil,
        outgoingLocales: [Symbol] = [],
        incomingLocales: [Symbol] = [],
        offeredCapabilities: [Symbol] = [],
        desiredCapabilities: [Symbol] = [],
        properties: AMQPMap? = nil
    ) {
        self.containerID = containerID
        self.hostname = hostname
        self.maxFrameSize = maxFrameSize
        self.channelMax = channelMax
        self.idleTimeOut = idleTimeOut
        self.outgoingLocales = outgoingLocales
        self.incomingLocales = incomingLocales
        self.offeredCapabilities = offeredCapabilities
        self.desiredCapabilities = desiredCapabilities
        self.properties = properties
    }
}

extension Open: Composite {
    package static var compositeType: CompositeType { .open }
    package static var fieldCount: Int { 10 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.containerID = try fields.string("container-id", &reader).required("container-id", at: reader.offset)
        self.hostname = try fields.string("hostname", &reader)
        self.maxFrameSize = try fields.uint("max-frame-size", &reader) ?? .max
        self.channelMax = try fields.ushort("channel-max", &reader) ?? .max
        self.idleTimeOut = try fields.uint("idle-time-out", &reader)
        self.outgoingLocales = try fields.symbols("outgoing-locales", &reader)
        self.incomingLocales = try fields.symbols("incoming-locales", &reader)
        self.offeredCapabilities = try fields.symbols("offered-capabilities", &reader)
        self.desiredCapabilities = try fields.symbols("desired-capabilities", &reader)
        self.properties = try fields.map("properties", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(string: self.containerID)
        writer.write(string: self.hostname)
        writer.write(uint: self.maxFrameSize)
        writer.write(ushort: self.channelMax)
        writer.write(uint: self.idleTimeOut)
        writer.write(symbols: self.outgoingLocales)
        writer.write(symbols: self.incomingLocales)
        writer.write(symbols: self.offeredCapabilities)
        writer.write(symbols: self.desiredCapabilities)
        writer.write(map: self.properties)
    }
}
