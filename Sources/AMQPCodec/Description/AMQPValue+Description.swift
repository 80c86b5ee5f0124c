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

/// Text for people: types that look alike are told apart, long runs of bytes are cut.
extension AMQPValue: CustomStringConvertible {
    /// The value as readable text, for example `{"a": 1L, :b: 2U}`.
    public var description: String {
        var text = ""
        self.describe(into: &text)
        return text
    }

    /// Appends the readable text; marks after numbers tell their type: `ub us u ul b s i l`.
    private func describe(into text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .ubyte(let value): text += "\(value)ub"
        case .ushort(let value): text += "\(value)us"
        case .uint(let value): text += "\(value)u"
        case .ulong(let value): text += "\(value)ul"
        case .byte(let value): text += "\(value)b"
        case .short(let value): text += "\(value)s"
        case .int(let value): text += "\(value)i"
        case .long(let value): text += "\(value)l"
        case .float(let value): text += "\(value)f"
        case .double(let value): text += "\(value)"
        case .decimal32(let value): text += "decimal32(0x\(hexadecimalText(value.bits, digits: 8)))"
        case .decimal64(let value): text += "decimal64(0x\(hexadecimalText(value.bits, digits: 16)))"
        case .decimal128(let value):
            text += "decimal128(0x\(hexadecimalText(value.high, digits: 16))\(hexadecimalText(value.low, digits: 16)))"
        case .char(let value): text += "'\(value.escaped(asASCII: false))'"
        case .timestamp(let value): text += value.description
        case .uuid(let value): text += value.description
        case .binary(let bytes): text += describedBytes(bytes)
        case .string(let value): text += describedText(value)
        case .symbol(let value): text += ":\(escapedText(value.rawValue))"
        case .list(let elements): Self.describe(elements, "[", "]", into: &text)
        case .array(let array):
            text += "@"
            array.descriptor?.describe(into: &text)
            Self.describe(array.elements, "[", "]", into: &text)
        case .map(let map): Self.describe(map, into: &text)
        case .described(let described):
            if let type = CompositeType(descriptor: described.descriptor) {
                text += "\(type.name)"
                Self.describe(fields: described.value, of: type, into: &text)
            } else {
                described.descriptor.describe(into: &text)
                text += "("
                described.value.describe(into: &text)
                text += ")"
            }
        }
    }

    private static func describe(_ elements: [AMQPValue], _ open: String, _ close: String, into text: inout String) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += ", " }
            element.describe(into: &text)
        }
        text += close
    }

    private static func describe(_ map: AMQPMap, into text: inout String) {
        text += "{"
        for (index, entry) in map.enumerated() {
            if index > 0 { text += ", " }
            entry.key.describe(into: &text)
            text += ": "
            entry.value.describe(into: &text)
        }
        text += "}"
    }

    /// Appends the fields of a composite by name, leaving nulls out.
    package static func describe(fields value: AMQPValue, of type: CompositeType, into text: inout String) {
        guard case .list(let fields) = value, type.rawValue < CompositeType.amqpSequence.rawValue else {
            text += "("
            value.describe(into: &text)
            text += ")"
            return
        }
        let names = type.fieldNames
        text += "("
        var isFirst = true
        for (index, field) in fields.enumerated() where !field.isNull {
            if !isFirst { text += ", " }
            isFirst = false
            text += index < names.count ? "\(names[index])=" : "field-\(index)="
            field.describe(into: &text)
        }
        text += ")"
    }
}

/// Bytes as hexadecimal text, cut after the first 64.
private func describedBytes(_ bytes: [UInt8]) -> String {
    guard bytes.count > 64 else { return "x'\(hexadecimalText(bytes))'" }
    return "x'\(hexadecimalText(bytes[..<64]))…'(\(bytes.count) bytes)"
}

/// Text in quotation marks, cut after the first 512 characters.
private func describedText(_ text: String) -> String {
    guard text.utf8.count > 512 else { return "\"\(escapedText(text))\"" }
    return "\"\(escapedText(String(text.prefix(512))))…\"(\(text.utf8.count) bytes)"
}

/// Text without control characters, quotation marks or backslashes that could mislead the reader of a terminal.
private func escapedText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x20..<0x7F where scalar != "\"" && scalar != "\\": result.unicodeScalars.append(scalar)
        case 0xA0...0x10FFFF where scalar.properties.generalCategory != .format: result.unicodeScalars.append(scalar)
        case 0x80...0x10FFFF: result += "\\u{\(hexadecimalText(scalar.value, digits: 1))}"
        default: result += scalar.escaped(asASCII: true)
        }
    }
    return result
}
