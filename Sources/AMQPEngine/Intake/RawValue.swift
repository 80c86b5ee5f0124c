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

/// Big-endian loads from a frame and the sizes of encoded values (part 1, section 1.2), on raw memory.
///
/// The only place of the intake that knows format codes by their width. Each function states what the caller has checked.
@unsafe
enum RawValue {
    /// The byte at `offset`, which lies inside the frame.
    @inline(__always)
    static func byte(_ base: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The 16 bits at `offset`; two bytes lie inside the frame (or its padding).
    @inline(__always)
    static func bits16(_ base: UnsafeRawPointer, _ offset: Int) -> UInt16 {
        unsafe UInt16(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The 32 bits at `offset`; four bytes lie inside the frame (or its padding).
    @inline(__always)
    static func bits32(_ base: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        unsafe UInt32(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The 64 bits at `offset`; eight bytes lie inside the frame (or its padding).
    @inline(__always)
    static func bits64(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A value without its constructor: where its content starts and ends.
    struct Extent {
        var formatCode: UInt8
        /// First byte after the constructor and, for variable widths, the size (and for compounds, before the count).
        var contentStart: Int
        var end: Int
    }

    /// The extent of the value whose constructor is at `offset`, or nil when it is malformed or does not end by `end`.
    ///
    /// Of a described value, the descriptor is stepped over: the extent ends with the value and has format code 0.
    static func extent(_ base: UnsafeRawPointer, at offset: Int, end: Int) -> Extent? {
        guard offset < end else { return nil }
        if unsafe byte(base, offset) != 0 { return unsafe primitiveExtent(base, at: offset, end: end) }
        var valueStart = offset
        var depth = 0
        while valueStart < end, unsafe byte(base, valueStart) == 0 {
            depth += 1
            guard unsafe depth <= maximumDescriptors,
                let descriptor = unsafe primitiveExtent(base, at: valueStart + 1, end: end)
            else { return nil }
            valueStart = descriptor.end
        }
        guard let value = unsafe primitiveExtent(base, at: valueStart, end: end) else { return nil }
        return Extent(formatCode: 0, contentStart: valueStart, end: value.end)
    }

    /// How many descriptors may stand before one value.
    private static let maximumDescriptors = 32

    /// As ``extent(_:at:end:)`` for a value that is not described. Sizes are checked against `end` before use.
    @inline(__always)
    static func primitiveExtent(_ base: UnsafeRawPointer, at offset: Int, end: Int) -> Extent? {
        guard offset < end else { return nil }
        let formatCode = unsafe byte(base, offset)
        let start = offset + 1
        let contentStart: Int
        let length: Int
        switch formatCode >> 4 {
        case 0x4: (contentStart, length) = (start, 0)
        case 0x5: (contentStart, length) = (start, 1)
        case 0x6: (contentStart, length) = (start, 2)
        case 0x7: (contentStart, length) = (start, 4)
        case 0x8: (contentStart, length) = (start, 8)
        case 0x9: (contentStart, length) = (start, 16)
        case 0xa, 0xc, 0xe:
            guard start < end else { return nil }
            unsafe (contentStart, length) = (start + 1, Int(byte(base, start)))
        case 0xb, 0xd, 0xf:
            guard end - start >= 4 else { return nil }
            unsafe (contentStart, length) = (start + 4, Int(bits32(base, start)))
        default:
            return nil
        }
        guard length <= end - contentStart else { return nil }
        return Extent(formatCode: formatCode, contentStart: contentStart, end: contentStart + length)
    }

    /// The entries of a map or the fields of a list: how many, and where the first one starts.
    static func compound(_ base: UnsafeRawPointer, _ extent: Extent) -> (count: Int, firstItem: Int)? {
        switch extent.formatCode {
        case 0x45: return (0, extent.end)
        case 0xc0, 0xc1:
            guard extent.end - extent.contentStart >= 1 else { return nil }
            return unsafe (Int(byte(base, extent.contentStart)), extent.contentStart + 1)
        case 0xd0, 0xd1:
            guard extent.end - extent.contentStart >= 4 else { return nil }
            return unsafe (Int(bits32(base, extent.contentStart)), extent.contentStart + 4)
        default: return nil
        }
    }

    /// A small integer in any signed encoding: long, smalllong, int, smallint.
    static func signedInteger(_ base: UnsafeRawPointer, _ extent: Extent) -> Int64? {
        switch extent.formatCode {
        case 0x81: unsafe Int64(bitPattern: bits64(base, extent.contentStart))
        case 0x55, 0x54: unsafe Int64(Int8(bitPattern: byte(base, extent.contentStart)))
        case 0x71: unsafe Int64(Int32(bitPattern: bits32(base, extent.contentStart)))
        default: nil
        }
    }
}
