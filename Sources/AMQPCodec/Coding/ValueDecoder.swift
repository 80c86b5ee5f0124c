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

/// Decodes any value in any of its encodings.
package enum ValueDecoder {
    /// Decodes the value at the cursor.
    package static func decode(_ reader: inout ByteReader) throws(DecodingError) -> AMQPValue {
        let start = reader.offset
        let byte = try reader.readUInt8()
        if byte == FormatCode.described { return try self.decodeDescribed(&reader) }
        return try self.decode(self.formatCode(byte, at: start), &reader)
    }

    private static func decodeDescribed(_ reader: inout ByteReader) throws(DecodingError) -> AMQPValue {
        try reader.descend()
        let descriptor = try self.decode(&reader)
        let value = try self.decode(&reader)
        reader.ascend()
        return .described(AMQPDescribed(descriptor: descriptor, value: value))
    }

    package static func formatCode(_ byte: UInt8, at offset: Int) throws(DecodingError) -> FormatCode {
        guard let code = FormatCode(rawValue: byte) else {
            throw DecodingError(
                code: .invalidFormatCode,
                offset: offset,
                message: "0x\(hexadecimalText(byte, digits: 2)) is no format code"
            )
        }
        return code
    }

    /// Decodes the value after its constructor.
    package static func decode(_ code: FormatCode, _ reader: inout ByteReader) throws(DecodingError) -> AMQPValue {
        switch code {
        case .null: return .null
        case .booleanTrue: return .bool(true)
        case .booleanFalse: return .bool(false)
        case .boolean: return .bool(try reader.readBooleanByte())
        case .uint0: return .uint(0)
        case .ulong0: return .ulong(0)
        case .list0: return .list([])
        case .ubyte: return .ubyte(try reader.readUInt8())
        case .byte: return .byte(Int8(bitPattern: try reader.readUInt8()))
        case .smallUint: return .uint(UInt32(try reader.readUInt8()))
        case .smallUlong: return .ulong(UInt64(try reader.readUInt8()))
        case .smallInt: return .int(Int32(Int8(bitPattern: try reader.readUInt8())))
        case .smallLong: return .long(Int64(Int8(bitPattern: try reader.readUInt8())))
        case .ushort: return .ushort(try reader.readUInt16())
        case .short: return .short(Int16(bitPattern: try reader.readUInt16()))
        case .uint: return .uint(try reader.readUInt32())
        case .int: return .int(Int32(bitPattern: try reader.readUInt32()))
        case .float: return .float(Float(bitPattern: try reader.readUInt32()))
        case .char: return .char(try reader.readScalar())
        case .decimal32: return .decimal32(Decimal32(bits: try reader.readUInt32()))
        case .ulong: return .ulong(try reader.readUInt64())
        case .long: return .long(Int64(bitPattern: try reader.readUInt64()))
        case .double: return .double(Double(bitPattern: try reader.readUInt64()))
        case .timestamp:
            return .timestamp(Timestamp(millisecondsSinceEpoch: Int64(bitPattern: try reader.readUInt64())))
        case .decimal64: return .decimal64(Decimal64(bits: try reader.readUInt64()))
        case .decimal128:
            return .decimal128(Decimal128(high: try reader.readUInt64(), low: try reader.readUInt64()))
        case .uuid: return .uuid(UUIDBytes(high: try reader.readUInt64(), low: try reader.readUInt64()))
        case .binary8, .binary32: return .binary(try reader.readBytes(reader.readLength(of: code)))
        case .string8, .string32: return .string(try reader.readText(reader.readLength(of: code)))
        case .symbol8, .symbol32: return .symbol(Symbol(try reader.readASCII(reader.readLength(of: code))))
        case .list8, .list32: return .list(try self.decodeList(code, &reader))
        case .map8, .map32: return .map(try self.decodeMap(code, &reader))
        case .array8, .array32: return .array(try self.decodeArray(code, &reader))
        }
    }

    // MARK: Compound values

    package static func decodeList(
        _ code: FormatCode,
        _ reader: inout ByteReader
    ) throws(DecodingError) -> [AMQPValue] {
        let header = try reader.enterCompound(code)
        let count = try reader.count(header.count, minimumWidth: 1)
        var elements: [AMQPValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try self.decode(&reader)) }
        try reader.leave(header.outerEnd)
        return elements
    }

    package static func decodeMap(_ code: FormatCode, _ reader: inout ByteReader) throws(DecodingError) -> AMQPMap {
        let header = try reader.enterCompound(code)
        guard header.count.isMultiple(of: 2) else {
            throw reader.error(.invalidValue, "a map has an odd number of elements: \(header.count)")
        }
        let count = try reader.count(header.count, minimumWidth: 1)
        var map = AMQPMap()
        map.reserveCapacity(count / 2)
        for _ in 0..<count / 2 {
            let key = try self.decode(&reader)
            map.append(key: key, value: try self.decode(&reader))
        }
        try reader.leave(header.outerEnd)
        return map
    }

    package static func decodeArray(_ code: FormatCode, _ reader: inout ByteReader) throws(DecodingError) -> AMQPArray {
        let header = try reader.enterCompound(code)
        var descriptors: [AMQPValue] = []
        var start = reader.offset
        var constructor = try reader.readUInt8()
        while constructor == FormatCode.described {
            try reader.descend()
            descriptors.append(try self.decode(&reader))
            start = reader.offset
            constructor = try reader.readUInt8()
        }
        let elementCode = try self.formatCode(constructor, at: start)
        let count = try reader.count(header.count, minimumWidth: elementCode.minimumWidth)
        var elements: [AMQPValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            var element = try self.decode(elementCode, &reader)
            // A second descriptor describes what the first one describes: it belongs to the element.
            for descriptor in descriptors.dropFirst().reversed() { element = .described(descriptor, element) }
            elements.append(element)
        }
        for _ in descriptors { reader.ascend() }
        try reader.leave(header.outerEnd)
        return AMQPArray(verifiedConstructor: elementCode, descriptor: descriptors.first, elements: elements)
    }
}

extension ByteReader {
    /// Reads the size and count of a list, map or array and narrows the end to it.
    package mutating func enterCompound(_ code: FormatCode) throws(DecodingError) -> (count: UInt32, outerEnd: Int) {
        let size: Int
        let countWidth: Int
        switch code {
        case .list8, .map8, .array8:
            size = Int(try self.readUInt8())
            countWidth = 1
        case .list32, .map32, .array32:
            size = Int(try self.readUInt32())
            countWidth = 4
        default:
            throw self.error(.wrongType, "\(code) is no compound value")
        }
        guard size >= countWidth else {
            throw self.error(.sizeMismatch, "a size of \(size) has no room for the count of elements")
        }
        let outerEnd = try self.enter(size)
        let count = countWidth == 1 ? UInt32(try self.readUInt8()) : try self.readUInt32()
        return (count, outerEnd)
    }

    /// Reads the length of a binary, string or symbol.
    package mutating func readLength(of code: FormatCode) throws(DecodingError) -> Int {
        code.rawValue < 0xB0 ? Int(try self.readUInt8()) : Int(try self.readUInt32())
    }

    /// Reads the byte of a boolean that is not all constructor.
    package mutating func readBooleanByte() throws(DecodingError) -> Bool {
        let byte = try self.peekUInt8()
        guard byte <= 1 else { throw self.error(.invalidValue, "a boolean is 0 or 1, not \(byte)") }
        try self.advance(by: 1)
        return byte == 1
    }

    fileprivate mutating func readScalar() throws(DecodingError) -> Unicode.Scalar {
        let start = self.offset
        let number = try self.readUInt32()
        guard let scalar = Unicode.Scalar(number) else {
            throw DecodingError(
                code: .invalidValue,
                offset: start,
                message: "0x\(hexadecimalText(number, digits: 4)) is no Unicode character"
            )
        }
        return scalar
    }
}
