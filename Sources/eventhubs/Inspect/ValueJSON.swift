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

import AMQPCodec

/// JSON text under construction: one line, no loss.
struct ValueJSON {
    private(set) var bytes: [UInt8] = []

    /// Appends text as it is.
    mutating func append(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    /// Appends a string in quotation marks.
    mutating func append(string: String) {
        self.bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): self.append("\\\"")
            case UInt8(ascii: "\\"): self.append("\\\\")
            case UInt8(ascii: "\n"): self.append("\\n")
            case UInt8(ascii: "\r"): self.append("\\r")
            case UInt8(ascii: "\t"): self.append("\\t")
            case 0..<0x20, 0x7F: self.append("\\u\(hexadecimalText(byte, digits: 4))")
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a list whose elements are written by `body`.
    mutating func append<Element>(list: some Sequence<Element>, _ body: (inout ValueJSON, Element) -> Void) {
        self.bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in list {
            if !isFirst { self.bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            body(&self, element)
        }
        self.bytes.append(UInt8(ascii: "]"))
    }

    /// Appends a list of values.
    mutating func append(values: some Sequence<AMQPValue>) {
        self.append(list: values) { $0.append(value: $1) }
    }

    /// Appends a value as a list of its type's name and its content.
    mutating func append(value: AMQPValue) {
        switch value {
        case .null: self.append("[\"null\"]")
        case .bool(let value): self.append("[\"bool\",\(value)]")
        case .ubyte(let value): self.append("[\"ubyte\",\(value)]")
        case .ushort(let value): self.append("[\"ushort\",\(value)]")
        case .uint(let value): self.append("[\"uint\",\(value)]")
        case .ulong(let value): self.append("[\"ulong\",\"\(value)\"]")
        case .byte(let value): self.append("[\"byte\",\(value)]")
        case .short(let value): self.append("[\"short\",\(value)]")
        case .int(let value): self.append("[\"int\",\(value)]")
        case .long(let value): self.append("[\"long\",\"\(value)\"]")
        case .float(let value): self.append("[\"float\",\"\(hexadecimalText(value.bitPattern, digits: 8))\"]")
        case .double(let value): self.append("[\"double\",\"\(hexadecimalText(value.bitPattern, digits: 16))\"]")
        case .decimal32(let value): self.append("[\"decimal32\",\"\(hexadecimalText(value.bits, digits: 8))\"]")
        case .decimal64(let value): self.append("[\"decimal64\",\"\(hexadecimalText(value.bits, digits: 16))\"]")
        case .decimal128(let value):
            let halves = hexadecimalText(value.high, digits: 16) + hexadecimalText(value.low, digits: 16)
            self.append("[\"decimal128\",\"\(halves)\"]")
        case .char(let value): self.append("[\"char\",\(value.value)]")
        case .timestamp(let value): self.append("[\"timestamp\",\"\(value.millisecondsSinceEpoch)\"]")
        case .uuid(let value): self.append("[\"uuid\",\"\(value)\"]")
        case .binary(let value): self.append("[\"binary\",\"\(hexadecimalText(value))\"]")
        case .string(let value): self.append(type: "string", text: value)
        case .symbol(let value): self.append(type: "symbol", text: value.rawValue)
        case .list(let elements):
            self.append("[\"list\",")
            self.append(values: elements)
            self.append("]")
        case .map(let map): self.append(map: map)
        case .array(let array): self.append(array: array)
        case .described(let described):
            self.append("[\"described\",")
            self.append(value: described.descriptor)
            self.append(",")
            self.append(value: described.value)
            self.append("]")
        }
    }

    private mutating func append(type: String, text: String) {
        self.append("[\"\(type)\",")
        self.append(string: text)
        self.append("]")
    }

    private mutating func append(map: AMQPMap) {
        self.append("[\"map\",")
        self.append(list: map) { text, entry in
            text.append(values: [entry.key, entry.value])
        }
        self.append("]")
    }

    private mutating func append(array: AMQPArray) {
        self.append(
            "[\"array\",{\"ctor\":\"0x\(hexadecimalText(array.elementConstructor, digits: 2))\",\"descriptor\":"
        )
        if let descriptor = array.descriptor {
            self.append(value: descriptor)
        } else {
            self.append("null")
        }
        self.append(",\"items\":")
        self.append(values: array.elements)
        self.append("}]")
    }
}

extension ValueJSON {
    /// Appends a protocol header.
    mutating func append(header: ProtocolHeader, offset: Int) {
        self.append("{\"offset\":\(offset),\"size\":\(ProtocolHeader.size),\"header\":")
        self.append(list: header.bytes.dropFirst(4)) { $0.append("\($1)") }
        self.append("}")
    }

    /// Appends a frame with its fields as they were sent.
    mutating func append(frame: FrameDescription, offset: Int) {
        let header = frame.header
        self.append(
            "{\"offset\":\(offset),\"size\":\(header.size),\"doff\":\(header.dataOffset)"
                + ",\"type\":\(header.type.rawValue),\"channel\":\(header.channel)"
        )
        switch frame.content {
        case .empty: self.append(",\"empty\":true}")
        case .fields(let type, let fields, let payloadCount):
            self.append(",\"performative\":\"\(type.name)\",\"fields\":")
            self.append(values: fields)
            self.append(",\"payload\":\(payloadCount)}")
        }
    }

    /// Appends an error.
    mutating func append(error: DecodingError) {
        self.append("{\"error\":")
        self.append(string: error.path.isEmpty ? error.message : "\(error.message) in \(error.path)")
        self.append(",\"offset\":\(error.offset)}")
    }
}
