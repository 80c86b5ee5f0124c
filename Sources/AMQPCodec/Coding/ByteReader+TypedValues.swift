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

/// Reading of values whose type the specification fixes: nil for null, an error for any other type.
extension ByteReader {
    /// Reads a boolean in any of its encodings.
    package mutating func bool() throws(DecodingError) -> Bool? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x41: return true
        case 0x42: return false
        case 0x56: return try self.readBooleanByte()
        default: throw Self.wrongType(byte, expected: "boolean", at: start)
        }
    }

    /// Reads a ubyte.
    package mutating func ubyte() throws(DecodingError) -> UInt8? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x50: return try self.readUInt8()
        default: throw Self.wrongType(byte, expected: "ubyte", at: start)
        }
    }

    /// Reads a ushort.
    package mutating func ushort() throws(DecodingError) -> UInt16? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x60: return try self.readUInt16()
        default: throw Self.wrongType(byte, expected: "ushort", at: start)
        }
    }

    /// Reads a uint in any of its encodings.
    package mutating func uint() throws(DecodingError) -> UInt32? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x43: return 0
        case 0x52: return UInt32(try self.readUInt8())
        case 0x70: return try self.readUInt32()
        default: throw Self.wrongType(byte, expected: "uint", at: start)
        }
    }

    /// Reads a ulong in any of its encodings.
    package mutating func ulong() throws(DecodingError) -> UInt64? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x44: return 0
        case 0x53: return UInt64(try self.readUInt8())
        case 0x80: return try self.readUInt64()
        default: throw Self.wrongType(byte, expected: "ulong", at: start)
        }
    }

    /// Reads a timestamp.
    package mutating func timestamp() throws(DecodingError) -> Timestamp? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0x83: return Timestamp(millisecondsSinceEpoch: Int64(bitPattern: try self.readUInt64()))
        default: throw Self.wrongType(byte, expected: "timestamp", at: start)
        }
    }

    /// Reads a string in any of its encodings.
    package mutating func string() throws(DecodingError) -> String? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0xA1: return try self.readText(Int(self.readUInt8()))
        case 0xB1: return try self.readText(Int(self.readUInt32()))
        default: throw Self.wrongType(byte, expected: "string", at: start)
        }
    }

    /// Reads a symbol in any of its encodings.
    package mutating func symbol() throws(DecodingError) -> Symbol? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0xA3: return Symbol(try self.readASCII(Int(self.readUInt8())))
        case 0xB3: return Symbol(try self.readASCII(Int(self.readUInt32())))
        default: throw Self.wrongType(byte, expected: "symbol", at: start)
        }
    }

    /// Reads a symbol, or a string in its place, as senders that take the two for one another write it.
    package mutating func symbolOrString() throws(DecodingError) -> Symbol? {
        switch try self.peekUInt8() {
        case 0xA1, 0xB1: return try self.string().map { Symbol($0) }
        default: return try self.symbol()
        }
    }

    /// Reads a binary in any of its encodings.
    package mutating func binary() throws(DecodingError) -> [UInt8]? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0xA0: return try self.readBytes(Int(self.readUInt8()))
        case 0xB0: return try self.readBytes(Int(self.readUInt32()))
        default: throw Self.wrongType(byte, expected: "binary", at: start)
        }
    }

    /// Reads a map in any of its encodings.
    package mutating func map() throws(DecodingError) -> AMQPMap? {
        let start = self.offset
        let byte = try self.readUInt8()
        switch byte {
        case 0x40: return nil
        case 0xC1: return try ValueDecoder.decodeMap(.map8, &self)
        case 0xD1: return try ValueDecoder.decodeMap(.map32, &self)
        default: throw Self.wrongType(byte, expected: "map", at: start)
        }
    }

    /// Reads what the specification calls a multiple of symbols: null for none, one symbol, or an array of them.
    package mutating func symbols() throws(DecodingError) -> [Symbol]? {
        let start = self.offset
        let byte = try self.peekUInt8()
        let value = try ValueDecoder.decode(&self)
        switch value {
        case .null: return nil
        case .symbol(let symbol): return [symbol]
        case .array(let array) where array.descriptor == nil:
            var symbols: [Symbol] = []
            symbols.reserveCapacity(array.elements.count)
            for element in array.elements {
                guard case .symbol(let symbol) = element else {
                    throw Self.wrongType(array.elementConstructor, expected: "an array of symbols", at: start)
                }
                symbols.append(symbol)
            }
            return symbols
        default: throw Self.wrongType(byte, expected: "symbols", at: start)
        }
    }

    /// Reads any value; nil for null.
    package mutating func any() throws(DecodingError) -> AMQPValue? {
        let value = try ValueDecoder.decode(&self)
        return value.isNull ? nil : value
    }

    package static func wrongType(_ byte: UInt8, expected: String, at offset: Int) -> DecodingError {
        if byte == FormatCode.described {
            return DecodingError(
                code: .wrongType,
                offset: offset,
                message: "expected \(expected), found a described value"
            )
        }
        guard let code = FormatCode(rawValue: byte) else {
            return DecodingError(
                code: .invalidFormatCode,
                offset: offset,
                message: "0x\(hexadecimalText(byte, digits: 2)) is no format code"
            )
        }
        return DecodingError(code: .wrongType, offset: offset, message: "expected \(expected), found \(code)")
    }
}
