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

/// The sections of an encoded message, found and checked but not decoded.
struct MessageSections {
    /// The sections in the order in which the specification wants them.
    enum Section: UInt64, Comparable {
        case header = 0x70
        case deliveryAnnotations = 0x71
        case messageAnnotations = 0x72
        case properties = 0x73
        case applicationProperties = 0x74
        case data = 0x75
        case sequence = 0x76
        case value = 0x77
        case footer = 0x78

        static func < (one: Section, other: Section) -> Bool { one.rawValue < other.rawValue }

        var mayRepeat: Bool { self == .data || self == .sequence }
        var isBody: Bool { self == .data || self == .sequence || self == .value }
    }

    /// The map of the message annotations, its constructor included.
    var messageAnnotations: Range<Int>?
    var hasProperties = false
    /// The binaries of the data sections: where the inner messages of a batch lie.
    var data: [Range<Int>] = []
    /// From the properties, or what comes after them, up to the end.
    var content: Range<Int>

    init(of bytes: [UInt8], in range: Range<Int>, keepingData: Bool) throws(ServiceError) {
        var reader = EncodedReader(bytes, in: range)
        var previous: Section?
        var contentStart: Int?
        // The official Python client writes delivery annotations behind everything else. The service hands them on there, and drops
        // those that stand in their place.
        var isOver = false
        while !reader.isAtEnd {
            let start = reader.position
            let section = try Self.descriptor(&reader)
            if let previous {
                let repeats = section == previous && section.mayRepeat
                let isLast = section == .deliveryAnnotations && (previous.isBody || previous == .footer)
                guard !isOver, repeats || section > previous || isLast,
                    !(section.isBody && previous.isBody) || repeats
                else { throw reader.malformed("sections out of order") }
                isOver = isLast
            }
            previous = section
            if section >= .properties, contentStart == nil { contentStart = start }
            let valueStart = reader.position
            switch section {
            case .messageAnnotations:
                try Self.skip(&reader, oneOf: [0xC1, 0xD1])
                messageAnnotations = valueStart..<reader.position
            case .deliveryAnnotations, .applicationProperties, .footer:
                try Self.skip(&reader, oneOf: [0xC1, 0xD1])
            case .header, .properties:
                try Self.skip(&reader, oneOf: [0x45, 0xC0, 0xD0])
                if section == .properties { hasProperties = true }
            case .data:
                guard let binary = try reader.variable(0xA0, 0xB0) else {
                    throw reader.malformed("a data section that is not binary")
                }
                if keepingData { data.append(binary) }
            case .sequence:
                try Self.skip(&reader, oneOf: [0x45, 0xC0, 0xD0])
            case .value:
                try reader.skipValue()
            }
        }
        content = (contentStart ?? range.upperBound)..<range.upperBound
    }

    /// Reads the descriptor of a section, in any of its encodings.
    private static func descriptor(_ reader: inout EncodedReader) throws(ServiceError) -> Section {
        guard try reader.byte() == 0x00 else { throw reader.malformed("a section without a descriptor") }
        let code: UInt64
        switch try reader.byte() {
        case 0x53: code = UInt64(try reader.byte())
        case 0x80: code = try reader.number(width: 8)
        case let constructor where constructor == 0xA3 || constructor == 0xB3:
            let range = try reader.take(reader.number(width: constructor == 0xA3 ? 1 : 4))
            code = symbols[String(decoding: reader.bytes[range], as: UTF8.self)] ?? 0
        default: throw reader.malformed("a section with an unknown descriptor")
        }
        guard let section = Section(rawValue: code) else { throw reader.malformed("an unknown section") }
        return section
    }

    private static func skip(_ reader: inout EncodedReader, oneOf constructors: [UInt8]) throws(ServiceError) {
        guard !reader.isAtEnd, constructors.contains(reader.bytes[reader.position]) else {
            throw reader.malformed("a section of the wrong type")
        }
        try reader.skipValue()
    }

    private static let symbols: [String: UInt64] = [
        "amqp:header:list": 0x70, "amqp:delivery-annotations:map": 0x71, "amqp:message-annotations:map": 0x72,
        "amqp:properties:list": 0x73, "amqp:application-properties:map": 0x74, "amqp:data:binary": 0x75,
        "amqp:amqp-sequence:list": 0x76, "amqp:amqp-value:*": 0x77, "amqp:footer:map": 0x78,
    ]
}
