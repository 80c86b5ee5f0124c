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

/// Walks the fields of a composite type; fields after the last one present are absent, which means null.
package struct CompositeReader {
    private var remaining: Int
    private let outerEnd: Int?

    /// Reads the list's header.
    package init(_ reader: inout ByteReader) throws(DecodingError) {
        let start = reader.offset
        let byte = try reader.readUInt8()
        switch byte {
        case FormatCode.list0.rawValue:
            self.remaining = 0
            self.outerEnd = nil
        case FormatCode.list8.rawValue, FormatCode.list32.rawValue:
            let code: FormatCode = byte == FormatCode.list8.rawValue ? .list8 : .list32
            let header = try reader.enterCompound(code)
            self.remaining = try reader.count(header.count, minimumWidth: 1)
            self.outerEnd = header.outerEnd
        default:
            throw ByteReader.wrongType(byte, expected: "a list of fields", at: start)
        }
    }

    /// Reads past fields that a later version of the specification may have added, and ends the list.
    package mutating func finish(_ reader: inout ByteReader) throws(DecodingError) {
        while self.remaining > 0 {
            self.remaining -= 1
            _ = try ValueDecoder.decode(&reader)
        }
        if let outerEnd = self.outerEnd { try reader.leave(outerEnd) }
    }

    /// Reads one field by the given function; nil when it is absent.
    @inline(__always)
    package mutating func field<Value>(
        _ name: StaticString,
        _ reader: inout ByteReader,
        _ read: (inout ByteReader) throws(DecodingError) -> Value?
    ) throws(DecodingError) -> Value? {
        guard self.remaining > 0 else { return nil }
        self.remaining &-= 1
        do {
            return try read(&reader)
        } catch {
            throw error.inside(name)
        }
    }

    package mutating func bool(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> Bool? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.bool() }
    }

    package mutating func ubyte(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> UInt8? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.ubyte() }
    }

    package mutating func ushort(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> UInt16? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.ushort() }
    }

    package mutating func uint(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> UInt32? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.uint() }
    }

    package mutating func ulong(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> UInt64? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.ulong() }
    }

    package mutating func timestamp(
        _ name: StaticString,
        _ reader: inout ByteReader
    ) throws(DecodingError) -> Timestamp? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.timestamp() }
    }

    package mutating func string(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> String? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.string() }
    }

    package mutating func symbol(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> Symbol? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.symbol() }
    }

    package mutating func symbolOrString(
        _ name: StaticString,
        _ reader: inout ByteReader
    ) throws(DecodingError) -> Symbol? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in
            try reader.symbolOrString()
        }
    }

    package mutating func binary(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> [UInt8]? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.binary() }
    }

    package mutating func map(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> AMQPMap? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.map() }
    }

    package mutating func any(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> AMQPValue? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.any() }
    }

    package mutating func symbols(_ name: StaticString, _ reader: inout ByteReader) throws(DecodingError) -> [Symbol] {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in try reader.symbols() } ?? []
    }

    package mutating func composite<Value: Composite>(
        _ name: StaticString,
        _ reader: inout ByteReader,
        as type: Value.Type = Value.self
    ) throws(DecodingError) -> Value? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in
            if try reader.readNull() { return nil }
            let start = reader.offset
            guard try reader.readCompositeType() == Value.compositeType else {
                throw DecodingError(
                    code: .unknownDescriptor,
                    offset: start,
                    message: "the descriptor is not that of \(Value.compositeType.name)"
                )
            }
            var fields = try CompositeReader(&reader)
            let value = try Value(&fields, &reader)
            try fields.finish(&reader)
            return value
        }
    }
}

extension ByteReader {
    /// Moves past a null, if one is next.
    package mutating func readNull() throws(DecodingError) -> Bool {
        guard try self.peekUInt8() == FormatCode.null.rawValue else { return false }
        try self.advance(by: 1)
        return true
    }
}

extension Optional {
    /// The value of a mandatory field.
    package func required(_ name: StaticString, at offset: Int) throws(DecodingError) -> Wrapped {
        guard let self else {
            throw DecodingError(code: .missingField, offset: offset, message: "a mandatory field is missing")
                .inside(name)
        }
        return self
    }
}
