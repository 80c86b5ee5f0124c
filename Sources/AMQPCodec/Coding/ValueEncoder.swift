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

/// Encoding of single values, each in its most compact form.
extension ByteWriter {
    /// Writes a null.
    package mutating func writeNull() { self.append(FormatCode.null.rawValue) }

    /// Writes a truth value as a single byte.
    package mutating func writeBool(_ value: Bool) { self.append(value ? 0x41 : 0x42) }

    /// Writes an unsigned 8-bit number.
    package mutating func write(ubyte value: UInt8) { self.append(FormatCode.ubyte.rawValue, bigEndian: value) }

    /// Writes an unsigned 16-bit number.
    package mutating func write(ushort value: UInt16) { self.append(FormatCode.ushort.rawValue, bigEndian: value) }

    /// Writes an unsigned 32-bit number.
    package mutating func write(uint value: UInt32) {
        if value == 0 {
            self.append(FormatCode.uint0.rawValue)
        } else if let small = UInt8(exactly: value) {
            self.append(FormatCode.smallUint.rawValue, bigEndian: small)
        } else {
            self.append(FormatCode.uint.rawValue, bigEndian: value)
        }
    }

    /// Writes an unsigned 64-bit number.
    package mutating func write(ulong value: UInt64) {
        if value == 0 {
            self.append(FormatCode.ulong0.rawValue)
        } else if let small = UInt8(exactly: value) {
            self.append(FormatCode.smallUlong.rawValue, bigEndian: small)
        } else {
            self.append(FormatCode.ulong.rawValue, bigEndian: value)
        }
    }

    /// Writes a signed 32-bit number.
    package mutating func write(int value: Int32) {
        if let small = Int8(exactly: value) {
            self.append(FormatCode.smallInt.rawValue, bigEndian: small)
        } else {
            self.append(FormatCode.int.rawValue, bigEndian: value)
        }
    }

    /// Writes a signed 64-bit number.
    package mutating func write(long value: Int64) {
        if let small = Int8(exactly: value) {
            self.append(FormatCode.smallLong.rawValue, bigEndian: small)
        } else {
            self.append(FormatCode.long.rawValue, bigEndian: value)
        }
    }

    /// Writes a point in time.
    package mutating func write(timestamp value: Timestamp) {
        self.append(FormatCode.timestamp.rawValue, bigEndian: value.millisecondsSinceEpoch)
    }

    /// Writes an identifier.
    package mutating func write(uuid value: UUIDBytes) {
        self.append(FormatCode.uuid.rawValue, bigEndian: value.high)
        self.append(bigEndian: value.low)
    }

    /// Writes text.
    package mutating func write(string value: String) {
        self.writeText(0xA1, value)
    }

    /// Writes a symbol.
    package mutating func write(symbol value: Symbol) {
        self.writeText(0xA3, value.rawValue)
    }

    /// Writes bytes.
    package mutating func write(binary value: [UInt8]) {
        unsafe value.withUnsafeBytes { unsafe self.writeVariable(0xA0, $0) }
    }

    /// Writes bytes that are not in an array.
    package mutating func write(binary value: RawSpan) {
        unsafe value.withUnsafeBytes { unsafe self.writeVariable(0xA0, $0) }
    }

    /// Writes a map.
    package mutating func write(map: AMQPMap) {
        let start = self.beginCompound(.map, count: map.count * 2)
        self.write(entriesOf: map)
        self.endCompound(start)
    }

    /// Writes the keys and values of a map without its header, from where they are.
    package mutating func write(entriesOf map: AMQPMap) {
        let entries = map.entries.span
        for index in entries.indices {
            self.write(value: entries[index].key)
            self.write(value: entries[index].value)
        }
    }

    /// Writes a descriptor, to be followed by the value it describes.
    package mutating func writeDescriptor(_ code: UInt64) {
        self.append(FormatCode.described)
        self.write(ulong: code)
    }

    /// Writes any value.
    package mutating func write(value: AMQPValue) {
        switch value {
        case .null: self.writeNull()
        case .bool(let value): self.writeBool(value)
        case .ubyte(let value): self.write(ubyte: value)
        case .ushort(let value): self.write(ushort: value)
        case .uint(let value): self.write(uint: value)
        case .ulong(let value): self.write(ulong: value)
        case .byte(let value): self.append(FormatCode.byte.rawValue, bigEndian: value)
        case .short(let value): self.append(FormatCode.short.rawValue, bigEndian: value)
        case .int(let value): self.write(int: value)
        case .long(let value): self.write(long: value)
        case .string(let value): self.write(string: value)
        case .symbol(let value): self.write(symbol: value)
        case .binary(let value): self.write(binary: value)
        case .list(let elements):
            let start = self.beginCompound(.list, count: elements.count)
            for element in elements { self.write(value: element) }
            self.endCompound(start)
        case .map(let map): self.write(map: map)
        case .array(let array): self.write(array: array)
        case .described(let described):
            self.append(FormatCode.described)
            self.write(value: described.descriptor)
            self.write(value: described.value)
        case .float: self.write(value, constructor: .float)
        case .double: self.write(value, constructor: .double)
        case .decimal32: self.write(value, constructor: .decimal32)
        case .decimal64: self.write(value, constructor: .decimal64)
        case .decimal128: self.write(value, constructor: .decimal128)
        case .char: self.write(value, constructor: .char)
        case .timestamp: self.write(value, constructor: .timestamp)
        case .uuid: self.write(value, constructor: .uuid)
        }
    }

    private mutating func write(_ value: AMQPValue, constructor: FormatCode) {
        self.append(constructor.rawValue)
        self.write(element: value, as: constructor)
    }

    private mutating func writeText(_ code: UInt8, _ text: String) {
        let written: Void? = unsafe text.utf8.withContiguousStorageIfAvailable {
            unsafe self.writeVariable(code, UnsafeRawBufferPointer($0))
        }
        if written == nil { unsafe Array(text.utf8).withUnsafeBytes { unsafe self.writeVariable(code, $0) } }
    }

    private mutating func writeVariable(_ code: UInt8, _ bytes: UnsafeRawBufferPointer) {
        if let short = UInt8(exactly: bytes.count) {
            self.append(code, bigEndian: short)
        } else {
            self.append(code + 0x10, bigEndian: UInt32(clamping: bytes.count))
        }
        unsafe self.append(contentsOf: bytes)
    }
}
