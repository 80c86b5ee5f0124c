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

/// How a message is to be transported (AMQP 1.0 part 3, section 3.2.1).
public struct Header: Sendable, Hashable {
    /// Whether the message must survive a failure of the node.
    public var durable: Bool

    /// The relative importance; 4 when nothing is said.
    public var priority: UInt8

    /// For how many milliseconds the message is live; nil for ever.
    public var timeToLive: UInt32?

    /// Whether nobody has acquired the message before.
    public var firstAcquirer: Bool

    /// How often delivery has failed before.
    public var deliveryCount: UInt32

    /// Makes a header.
    public init(
        durable: Bool = false,
        priority: UInt8 = 4,
        timeToLive: UInt32? = nil,
        firstAcquirer: Bool = false,
        deliveryCount: UInt32 = 0
    ) {
        self.durable = durable
        self.priority = priority
        self.timeToLive = timeToLive
        self.firstAcquirer = firstAcquirer
        self.deliveryCount = deliveryCount
    }
}

extension Header: Composite {
    package static var compositeType: CompositeType { .header }
    package static var fieldCount: Int { 5 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.durable = try fields.bool("durable", &reader) ?? false
        self.priority = try fields.ubyte("priority", &reader) ?? 4
        self.timeToLive = try fields.uint("ttl", &reader)
        self.firstAcquirer = try fields.bool("first-acquirer", &reader) ?? false
        self.deliveryCount = try fields.uint("delivery-count", &reader) ?? 0
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.writeTrueOrNull(self.durable)
        writer.write(ubyte: self.priority == 4 ? nil : self.priority)
        writer.write(uint: self.timeToLive)
        writer.writeTrueOrNull(self.firstAcquirer)
        writer.write(uint: self.deliveryCount == 0 ? nil : self.deliveryCount)
    }
}
