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

/// The byte that says how a primitive value is encoded (AMQP 1.0 part 1, section 1.2).
package enum FormatCode: UInt8, Sendable, CaseIterable {
    case null = 0x40
    case booleanTrue = 0x41
    case booleanFalse = 0x42
    case uint0 = 0x43
    case ulong0 = 0x44
    case list0 = 0x45

    case ubyte = 0x50
    case byte = 0x51
    case smallUint = 0x52
    case smallUlong = 0x53
    case smallInt = 0x54
    case smallLong = 0x55
    case boolean = 0x56

    case ushort = 0x60
    case short = 0x61

    case uint = 0x70
    case int = 0x71
    case float = 0x72
    case char = 0x73
    case decimal32 = 0x74

    case ulong = 0x80
    case long = 0x81
    case double = 0x82
    case timestamp = 0x83
    case decimal64 = 0x84

    case decimal128 = 0x94
    case uuid = 0x98

    case binary8 = 0xA0
    case string8 = 0xA1
    case symbol8 = 0xA3
    case binary32 = 0xB0
    case string32 = 0xB1
    case symbol32 = 0xB3

    case list8 = 0xC0
    case map8 = 0xC1
    case list32 = 0xD0
    case map32 = 0xD1

    case array8 = 0xE0
    case array32 = 0xF0

    /// The byte that introduces a descriptor instead of a primitive value.
    package static let described: UInt8 = 0x00

    /// The fewest bytes that a value takes after its constructor; zero for the values that are all constructor.
    package var minimumWidth: Int {
        switch self.rawValue >> 4 {
        case 0x4: 0
        case 0x5: 1
        case 0x6: 2
        case 0x7: 4
        case 0x8: 8
        case 0x9: 16
        case 0xA: 1
        case 0xB: 4
        case 0xC: 2
        case 0xD: 8
        case 0xE: 3
        default: 9
        }
    }

    /// Whether every value takes exactly the minimum width.
    package var isFixedWidth: Bool { self.rawValue < 0xA0 }
}

extension FormatCode {
    /// The narrowest code that can encode every element of an array; nil when no single code can.
    package init?(forArrayOf elements: [AMQPValue]) {
        guard let first = elements.first else {
            self = .null
            return
        }
        func all(_ matches: (AMQPValue) -> Bool) -> Bool { elements.allSatisfy(matches) }
        func longest(_ count: (AMQPValue) -> Int?) -> Int? {
            var longest = 0
            for element in elements {
                guard let count = count(element) else { return nil }
                longest = max(longest, count)
            }
            return longest
        }

        let code: FormatCode?
        switch first {
        case .null: code = all { $0.isNull } ? .null : nil
        case .bool: code = all { $0.boolValue != nil } ? .boolean : nil
        case .ubyte: code = all { if case .ubyte = $0 { true } else { false } } ? .ubyte : nil
        case .ushort: code = all { if case .ushort = $0 { true } else { false } } ? .ushort : nil
        case .uint: code = all { if case .uint = $0 { true } else { false } } ? .uint : nil
        case .ulong: code = all { if case .ulong = $0 { true } else { false } } ? .ulong : nil
        case .byte: code = all { if case .byte = $0 { true } else { false } } ? .byte : nil
        case .short: code = all { if case .short = $0 { true } else { false } } ? .short : nil
        case .int: code = all { if case .int = $0 { true } else { false } } ? .int : nil
        case .long: code = all { if case .long = $0 { true } else { false } } ? .long : nil
        case .float: code = all { if case .float = $0 { true } else { false } } ? .float : nil
        case .double: code = all { if case .double = $0 { true } else { false } } ? .double : nil
        case .decimal32: code = all { if case .decimal32 = $0 { true } else { false } } ? .decimal32 : nil
        case .decimal64: code = all { if case .decimal64 = $0 { true } else { false } } ? .decimal64 : nil
        case .decimal128: code = all { if case .decimal128 = $0 { true } else { false } } ? .decimal128 : nil
        case .char: code = all { if case .char = $0 { true } else { false } } ? .char : nil
        case .timestamp: code = all { $0.timestampValue != nil } ? .timestamp : nil
        case .uuid: code = all { if case .uuid = $0 { true } else { false } } ? .uuid : nil
        case .binary: code = longest { $0.binaryValue?.count }.map { $0 > 255 ? .binary32 : .binary8 }
        case .string: code = longest { $0.stringValue?.utf8.count }.map { $0 > 255 ? .string32 : .string8 }
        case .symbol: code = longest { $0.symbolValue?.rawValue.utf8.count }.map { $0 > 255 ? .symbol32 : .symbol8 }
        case .list: code = all { if case .list = $0 { true } else { false } } ? .list32 : nil
        case .map: code = all { $0.mapValue != nil } ? .map32 : nil
        case .array: code = all { if case .array = $0 { true } else { false } } ? .array32 : nil
        case .described: code = nil
        }
        guard let code else { return nil }
        self = code
    }
}
