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

/// Encoding of lists, maps and arrays: the short form when it fits, decided when the content is known.
extension ByteWriter {
    /// The kinds of compound value, by the code of their short form.
    package enum CompoundKind: UInt8 {
        case list = 0xC0
        case map = 0xC1
        case array = 0xE0
    }

    /// Where a compound value began, to give to `endCompound`.
    package struct CompoundStart {
        fileprivate let offset: Int
        fileprivate let isWide: Bool
        fileprivate let isEmptyList: Bool
    }

    /// Begins a list of a known number of fields.
    package mutating func beginList(fieldCount: Int) -> CompoundStart {
        self.beginCompound(.list, count: fieldCount)
    }

    /// Ends a list.
    package mutating func endList(_ start: CompoundStart) {
        self.endCompound(start)
    }

    /// Begins a compound value of a known number of elements; for a map, keys and values are counted each.
    package mutating func beginCompound(_ kind: CompoundKind, count: Int) -> CompoundStart {
        let offset = self.count
        if kind == .list && count == 0 {
            self.append(FormatCode.list0.rawValue)
            return CompoundStart(offset: offset, isWide: false, isEmptyList: true)
        }
        if let short = UInt8(exactly: count) {
            self.append(kind.rawValue)
            self.append(0)
            self.append(short)
            return CompoundStart(offset: offset, isWide: false, isEmptyList: false)
        }
        self.append(kind.rawValue + 0x10, bigEndian: 0 as UInt32)
        self.append(bigEndian: UInt32(clamping: count))
        return CompoundStart(offset: offset, isWide: true, isEmptyList: false)
    }

    /// Ends a compound value: fills in its size, widening its header when the content has outgrown the short form.
    package mutating func endCompound(_ start: CompoundStart) {
        if start.isEmptyList { return }
        if start.isWide {
            self.patch(UInt32(clamping: self.count - start.offset - 5), at: start.offset + 1)
            return
        }
        let size = self.count - start.offset - 2
        if let short = UInt8(exactly: size) {
            self.patch(short, at: start.offset + 1)
            return
        }
        // Code, size and count grow from three bytes to nine.
        let (code, count) = unsafe self.withUnsafeBytes { unsafe ($0[start.offset], $0[start.offset + 2]) }
        self.openGap(of: 6, at: start.offset + 3)
        self.patch(code + 0x10, at: start.offset)
        self.patch(UInt32(clamping: size + 3), at: start.offset + 1)
        self.patch(UInt32(count), at: start.offset + 5)
    }

    /// Writes an array with the constructor that it carries.
    package mutating func write(array: AMQPArray) {
        guard let code = FormatCode(rawValue: array.elementConstructor) else {
            preconditionFailure("an array is only made with a valid constructor")
        }
        let start = self.beginCompound(.array, count: array.elements.count)
        self.writeArrayContent(array, code)
        self.endCompound(start)
    }

    private mutating func writeArrayContent(_ array: AMQPArray, _ code: FormatCode) {
        if let descriptor = array.descriptor {
            self.append(FormatCode.described)
            self.write(value: descriptor)
        }
        var first = array.elements.first
        while case .described(let described) = first {
            self.append(FormatCode.described)
            self.write(value: described.descriptor)
            first = described.value
        }
        self.append(code.rawValue)
        for var element in array.elements {
            while case .described(let described) = element { element = described.value }
            self.write(element: element, as: code)
        }
    }

    /// Writes what follows a given constructor; the value is known to fit it.
    package mutating func write(element: AMQPValue, as code: FormatCode) {
        switch element {
        case .null: break
        case .bool(let value): if code == .boolean { self.append(value ? 1 : 0) }
        case .ubyte(let value): self.append(value)
        case .byte(let value): self.append(bigEndian: value)
        case .ushort(let value): self.append(bigEndian: value)
        case .short(let value): self.append(bigEndian: value)
        case .uint(let value): self.writeNumber(value, as: code)
        case .ulong(let value): self.writeNumber(value, as: code)
        case .int(let value): self.writeNumber(value, as: code)
        case .long(let value): self.writeNumber(value, as: code)
        case .float(let value): self.append(bigEndian: value.bitPattern)
        case .double(let value): self.append(bigEndian: value.bitPattern)
        case .decimal32(let value): self.append(bigEndian: value.bits)
        case .decimal64(let value): self.append(bigEndian: value.bits)
        case .decimal128(let value):
            self.append(bigEndian: value.high)
            self.append(bigEndian: value.low)
        case .char(let value): self.append(bigEndian: value.value)
        case .timestamp(let value): self.append(bigEndian: value.millisecondsSinceEpoch)
        case .uuid(let value):
            self.append(bigEndian: value.high)
            self.append(bigEndian: value.low)
        case .binary(let value):
            self.writeLength(value.count, as: code)
            self.append(contentsOf: value)
        case .string(let value):
            self.writeLength(value.utf8.count, as: code)
            self.append(utf8Of: value)
        case .symbol(let value):
            self.writeLength(value.rawValue.utf8.count, as: code)
            self.append(utf8Of: value.rawValue)
        case .list, .map, .array: self.writeCompound(element, as: code)
        case .described: preconditionFailure("a descriptor belongs to the array's constructor")
        }
    }

    private mutating func writeNumber<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, as code: FormatCode) {
        switch code.minimumWidth {
        case 0: break
        case 1: self.append(UInt8(truncatingIfNeeded: value))
        default: self.append(bigEndian: value)
        }
    }

    private mutating func writeLength(_ length: Int, as code: FormatCode) {
        if code.rawValue < 0xB0 {
            self.append(UInt8(truncatingIfNeeded: length))
        } else {
            self.append(bigEndian: UInt32(clamping: length))
        }
    }

    private mutating func append(utf8Of text: String) {
        var text = text
        text.withUTF8 { unsafe self.append(contentsOf: UnsafeRawBufferPointer($0)) }
    }

    /// Writes size, count and content of a compound element in the width that the array's constructor gives.
    private mutating func writeCompound(_ element: AMQPValue, as code: FormatCode) {
        if code == .list0 { return }
        let isWide = code == .list32 || code == .map32 || code == .array32
        let start = self.count
        let count: Int
        switch element {
        case .list(let elements): count = elements.count
        case .map(let map): count = map.count * 2
        case .array(let array): count = array.elements.count
        default: return
        }
        if isWide {
            self.append(bigEndian: 0 as UInt32)
            self.append(bigEndian: UInt32(clamping: count))
        } else {
            self.append(0)
            self.append(UInt8(truncatingIfNeeded: count))
        }
        switch element {
        case .list(let elements): for element in elements { self.write(value: element) }
        case .map(let map): self.write(entriesOf: map)
        case .array(let array):
            if let code = FormatCode(rawValue: array.elementConstructor) { self.writeArrayContent(array, code) }
        default: return
        }
        if isWide {
            self.patch(UInt32(clamping: self.count - start - 4), at: start)
        } else {
            self.patch(UInt8(truncatingIfNeeded: self.count - start - 1), at: start)
        }
    }
}
