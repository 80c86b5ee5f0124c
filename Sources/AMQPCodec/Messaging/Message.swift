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

/// A message with all its sections (AMQP 1.0 part 3, section 3.2).
public struct Message: Sendable, Hashable {
    /// How the message is to be transported.
    public var header: Header?

    /// Annotations for the next hop.
    public var deliveryAnnotations: AMQPMap?

    /// Annotations that travel with the message.
    public var messageAnnotations: AMQPMap?

    /// The standard properties.
    public var properties: Properties?

    /// The application's own properties, by string.
    public var applicationProperties: AMQPMap?

    /// The content.
    public var body: Body

    /// Details that can only be known when the whole message has been seen, for example hashes.
    public var footer: AMQPMap?

    /// The content of a message: sections of one of three kinds.
    public enum Body: Sendable, Hashable {
        /// One or more runs of bytes.
        case data([[UInt8]])
        /// One or more lists of values.
        case sequence([[AMQPValue]])
        /// One value.
        case value(AMQPValue)
        /// No section at all.
        case empty
    }

    /// Makes a message.
    public init(
        header: Header? = nil,
        deliveryAnnotations: AMQPMap? = nil,
        messageAnnotations: AMQPMap? = nil,
        properties: Properties? = nil,
        applicationProperties: AMQPMap? = nil,
        body: Body = .empty,
        footer: AMQPMap? = nil
    ) {
        self.header = header
        self.deliveryAnnotations = deliveryAnnotations
        self.messageAnnotations = messageAnnotations
        self.properties = properties
        self.applicationProperties = applicationProperties
        self.body = body
        self.footer = footer
    }

    /// Makes a message of one run of bytes.
    public init(data: [UInt8]) {
        self.init(body: .data([data]))
    }

    /// Makes a message of one value.
    public init(value: AMQPValue) {
        self.init(body: .value(value))
    }
}

extension Message {
    /// Decodes a whole message.
    ///
    /// - Parameter bytes: the encoded sections, nothing before or after them.
    /// - Throws: ``DecodingError`` with the offset of the first byte that is wrong.
    public init(decoding bytes: [UInt8]) throws(DecodingError) {
        try unsafe self.init(decoding: bytes.span.bytes)
    }

    /// Decodes a whole message in place.
    ///
    /// - Parameter bytes: the encoded sections, nothing before or after them.
    /// - Throws: ``DecodingError`` with the offset of the first byte that is wrong.
    public init(decoding bytes: RawSpan) throws(DecodingError) {
        var reader = ByteReader(bytes)
        try self.init(decoding: &reader)
    }

    /// The message as bytes.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        self.encode(into: &writer)
        return writer.bytes
    }
}
