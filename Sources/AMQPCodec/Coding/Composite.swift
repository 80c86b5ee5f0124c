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

/// A type that is a described list of fields on the wire (AMQP 1.0 part 1, section 1.4).
package protocol Composite: Sendable {
    /// Which type of the specification this is.
    static var compositeType: CompositeType { get }

    /// How many fields are written.
    static var fieldCount: Int { get }

    /// Reads the fields in order.
    init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError)

    /// Writes all fields in order, nulls included.
    func encodeFields(into writer: inout ByteWriter)
}

extension Composite {
    /// Decodes the type with its descriptor.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        let start = reader.offset
        guard try reader.readCompositeType() == Self.compositeType else {
            throw DecodingError(
                code: .unknownDescriptor,
                offset: start,
                message: "the descriptor is not that of \(Self.compositeType.name)"
            )
        }
        try self.init(decodingList: &reader)
    }

    /// Decodes the type after its descriptor.
    package init(decodingList reader: inout ByteReader) throws(DecodingError) {
        do {
            var fields = try CompositeReader(&reader)
            try self.init(&fields, &reader)
            try fields.finish(&reader)
        } catch {
            throw error.inside(Self.compositeType.name)
        }
    }

    /// Encodes the type with its descriptor and all its fields.
    package func encode(into writer: inout ByteWriter) {
        writer.writeDescriptor(Self.compositeType.rawValue)
        let list = writer.beginList(fieldCount: Self.fieldCount)
        self.encodeFields(into: &writer)
        writer.endList(list)
    }
}
