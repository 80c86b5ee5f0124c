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

/// Tells the state of a range of deliveries (AMQP 1.0 part 2, section 2.7.6).
package struct Disposition: Sendable, Hashable {
    /// Which end of the link sends this.
    package var role: Role

    /// The first delivery.
    package var first: UInt32

    /// The last delivery; nil when it is the first one.
    package var last: UInt32?

    /// Whether this side has settled the deliveries.
    package var settled: Bool

    /// The state of the deliveries.
    package var state: DeliveryState?

    /// Whether the answer to this may wait for others.
    package var batchable: Bool

    package init(
        role: Role,
        first: UInt32,
        last: UInt32? = nil,
        settled: Bool = false,
        state: DeliveryState? = nil,
        batchable: Bool = false
    ) {
        self.role = role
        self.first = first
        self.last = last
        self.settled = settled
        self.state = state
        self.batchable = batchable
    }
}

extension Disposition: Composite {
    package static var compositeType: CompositeType { .disposition }
    package static var fieldCount: Int { 6 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.role = Role(isReceiver: try fields.bool("role", &reader).required("role", at: reader.offset))
        self.first = try fields.uint("first", &reader).required("first", at: reader.offset)
        self.last = try fields.uint("last", &reader)
        self.settled = try fields.bool("settled", &reader) ?? false
        self.state = try fields.state("state", &reader)
        self.batchable = try fields.bool("batchable", &reader) ?? false
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.writeBool(self.role.isReceiver)
        writer.write(uint: self.first)
        writer.write(uint: self.last)
        writer.writeBool(self.settled)
        writer.write(state: self.state)
        writer.writeTrueOrNull(self.batchable)
    }
}
