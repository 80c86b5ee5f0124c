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

/// Any value of the AMQP 1.0 type system (part 1, section 1.6), carried without loss.
public enum AMQPValue: Sendable, Hashable {
    /// The absence of a value.
    case null
    /// True or false.
    case bool(Bool)
    /// An unsigned 8-bit number.
    case ubyte(UInt8)
    /// An unsigned 16-bit number.
    case ushort(UInt16)
    /// An unsigned 32-bit number.
    case uint(UInt32)
    /// An unsigned 64-bit number.
    case ulong(UInt64)
    /// A signed 8-bit number.
    case byte(Int8)
    /// A signed 16-bit number.
    case short(Int16)
    /// A signed 32-bit number.
    case int(Int32)
    /// A signed 64-bit number.
    case long(Int64)
    /// A 32-bit binary floating point number.
    case float(Float)
    /// A 64-bit binary floating point number.
    case double(Double)
    /// A 32-bit decimal number.
    case decimal32(Decimal32)
    /// A 64-bit decimal number.
    case decimal64(Decimal64)
    /// A 128-bit decimal number.
    case decimal128(Decimal128)
    /// One Unicode character.
    case char(Unicode.Scalar)
    /// A point in time in milliseconds.
    case timestamp(Timestamp)
    /// A universally unique identifier.
    case uuid(UUIDBytes)
    /// A run of bytes.
    case binary([UInt8])
    /// Unicode text.
    case string(String)
    /// A symbolic value.
    case symbol(Symbol)
    /// A sequence of values of any types.
    case list([AMQPValue])
    /// A map of values to values.
    case map(AMQPMap)
    /// A sequence of values of one type.
    indirect case array(AMQPArray)
    /// A value with a descriptor.
    indirect case described(AMQPDescribed)
}

extension AMQPValue {
    /// Makes a described value.
    public static func described(_ descriptor: AMQPValue, _ value: AMQPValue) -> AMQPValue {
        .described(AMQPDescribed(descriptor: descriptor, value: value))
    }

    /// Whether this is null.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value, if this is one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if this is an integer of any width that fits.
    public var integerValue: Int64? {
        switch self {
        case .ubyte(let value): Int64(value)
        case .ushort(let value): Int64(value)
        case .uint(let value): Int64(value)
        case .ulong(let value): Int64(exactly: value)
        case .byte(let value): Int64(value)
        case .short(let value): Int64(value)
        case .int(let value): Int64(value)
        case .long(let value): value
        default: nil
        }
    }

    /// The text, if this is a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The symbol, if this is one.
    public var symbolValue: Symbol? {
        if case .symbol(let value) = self { value } else { nil }
    }

    /// The text of a string or of a symbol.
    public var textValue: String? {
        switch self {
        case .string(let value): value
        case .symbol(let value): value.rawValue
        default: nil
        }
    }

    /// The bytes, if this is binary.
    public var binaryValue: [UInt8]? {
        if case .binary(let value) = self { value } else { nil }
    }

    /// The point in time, if this is a timestamp.
    public var timestampValue: Timestamp? {
        if case .timestamp(let value) = self { value } else { nil }
    }

    /// The map, if this is one.
    public var mapValue: AMQPMap? {
        if case .map(let value) = self { value } else { nil }
    }

    /// The elements of a list or of an array.
    public var elementsValue: [AMQPValue]? {
        switch self {
        case .list(let value): value
        case .array(let value): value.elements
        default: nil
        }
    }
}

extension AMQPValue: ExpressibleByBooleanLiteral {
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension AMQPValue: ExpressibleByIntegerLiteral {
    /// Makes a `long`.
    public init(integerLiteral value: Int64) { self = .long(value) }
}

extension AMQPValue: ExpressibleByFloatLiteral {
    /// Makes a `double`.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension AMQPValue: ExpressibleByStringLiteral {
    /// Makes a `string`.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension AMQPValue: ExpressibleByArrayLiteral {
    /// Makes a `list`.
    public init(arrayLiteral elements: AMQPValue...) { self = .list(elements) }
}

extension AMQPValue: ExpressibleByDictionaryLiteral {
    /// Makes a `map` that keeps the order of the literal.
    public init(dictionaryLiteral elements: (AMQPValue, AMQPValue)...) { self = .map(AMQPMap(elements)) }
}
