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

/// A cursor over encoded AMQP values that checks and steps over them without building them.
///
/// What a sender's message holds is stored as it came; this makes sure first that a reader will be able to decode it.
struct EncodedReader {
    /// How deep values may nest.
    static let maximumDepth = 32

    let bytes: [UInt8]
    var position: Int
    let end: Int

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position >= end }

    mutating func byte() throws(ServiceError) -> UInt8 {
        guard position < end else { throw malformed("truncated") }
        defer { position += 1 }
        return bytes[position]
    }

    /// A big-endian number of `width` bytes, at most eight.
    mutating func number(width: Int) throws(ServiceError) -> UInt64 {
        guard end - position >= width else { throw malformed("truncated") }
        var value: UInt64 = 0
        for index in position..<position + width { value = value << 8 | UInt64(bytes[index]) }
        position += width
        return value
    }

    /// Steps over `count` bytes and says where they lie.
    mutating func take(_ count: UInt64) throws(ServiceError) -> Range<Int> {
        guard count <= UInt64(end - position) else { throw malformed("truncated") }
        let range = position..<position + Int(count)
        position = range.upperBound
        return range
    }

    /// Steps over one value.
    mutating func skipValue(depth: Int = 0) throws(ServiceError) {
        guard depth < Self.maximumDepth else { throw malformed("nested too deeply") }
        let constructor = try byte()
        if constructor == 0x00 {
            try skipValue(depth: depth + 1)
            try skipValue(depth: depth + 1)
        } else {
            try skipBody(of: constructor, depth: depth)
        }
    }

    /// The content of a binary, string or symbol, if that is what comes next.
    mutating func variable(_ short: UInt8, _ long: UInt8) throws(ServiceError) -> Range<Int>? {
        guard position < end else { throw malformed("truncated") }
        let constructor = bytes[position]
        guard constructor == short || constructor == long else { return nil }
        position += 1
        return try take(number(width: constructor == short ? 1 : 4))
    }

    /// A signed number of any width, if that is what comes next.
    mutating func integer() throws(ServiceError) -> Int64? {
        guard position < end else { throw malformed("truncated") }
        let width: Int? =
            switch bytes[position] {
            case 0x51, 0x54, 0x55: 1
            case 0x61: 2
            case 0x71: 4
            case 0x81: 8
            default: nil
            }
        guard let width else { return nil }
        position += 1
        let unused = 64 - 8 * width
        return Int64(bitPattern: try number(width: width) << UInt64(unused)) >> Int64(unused)
    }

    func malformed(_ reason: String) -> ServiceError {
        ServiceError(.decodeError, "The message could not be decoded: \(reason) at byte \(position).")
    }

    private mutating func skipBody(of constructor: UInt8, depth: Int) throws(ServiceError) {
        switch constructor {
        case 0x40...0x45:
            break
        case 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56:
            if try byte() > 1, constructor == 0x56 { throw malformed("a boolean that is neither true nor false") }
        case 0x60, 0x61:
            _ = try take(2)
        case 0x70, 0x71, 0x72, 0x73, 0x74:
            _ = try take(4)
        case 0x80, 0x81, 0x82, 0x83, 0x84:
            _ = try take(8)
        case 0x94, 0x98:
            _ = try take(16)
        case 0xA0, 0xA3:
            _ = try take(number(width: 1))
        case 0xB0, 0xB3:
            _ = try take(number(width: 4))
        case 0xA1, 0xB1:
            let text = try take(number(width: constructor == 0xA1 ? 1 : 4))
            guard String(validating: bytes[text], as: UTF8.self) != nil else {
                throw malformed("a string not in UTF-8")
            }
        case 0xC0, 0xC1:
            try skipCompound(width: 1, isMap: constructor == 0xC1, depth: depth)
        case 0xD0, 0xD1:
            try skipCompound(width: 4, isMap: constructor == 0xD1, depth: depth)
        case 0xE0:
            try skipArray(width: 1, depth: depth)
        case 0xF0:
            try skipArray(width: 4, depth: depth)
        default:
            throw malformed("unknown constructor \(constructor)")
        }
    }

    private mutating func skipCompound(width: Int, isMap: Bool, depth: Int) throws(ServiceError) {
        var inner = try enter(width: width)
        let count = try inner.number(width: width)
        if isMap, count % 2 != 0 { throw malformed("a map with an odd number of elements") }
        for _ in 0..<count { try inner.skipValue(depth: depth + 1) }
        guard inner.isAtEnd else { throw malformed("a size that does not match the elements") }
        position = inner.end
    }

    private mutating func skipArray(width: Int, depth: Int) throws(ServiceError) {
        var inner = try enter(width: width)
        let count = try inner.number(width: width)
        var constructor = try inner.byte()
        while constructor == 0x00 {
            try inner.skipValue(depth: depth + 1)
            constructor = try inner.byte()
        }
        // Elements without bytes cost nothing to step over, whatever their number.
        if !(0x40...0x45).contains(constructor) {
            for _ in 0..<count { try inner.skipBody(of: constructor, depth: depth + 1) }
        }
        guard inner.isAtEnd else { throw malformed("a size that does not match the elements") }
        position = inner.end
    }

    private mutating func enter(width: Int) throws(ServiceError) -> EncodedReader {
        let range = try take(number(width: width))
        return EncodedReader(bytes, in: range)
    }
}
