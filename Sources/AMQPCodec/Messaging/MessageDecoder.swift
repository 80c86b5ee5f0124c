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

extension Message {
    /// The order in which sections must come.
    package enum Phase: Int, Comparable {
        case start, header, deliveryAnnotations, messageAnnotations, properties, applicationProperties, body, footer
        /// Delivery annotations behind everything else.
        ///
        /// The official Python client writes its senders' there, and Event Hubs hands them on as they came.
        case lateDeliveryAnnotations

        package static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }

        /// The place of a section; nil for a type that is no section of a message.
        package init?(_ type: CompositeType) {
            switch type {
            case .header: self = .header
            case .deliveryAnnotations: self = .deliveryAnnotations
            case .messageAnnotations: self = .messageAnnotations
            case .properties: self = .properties
            case .applicationProperties: self = .applicationProperties
            case .data, .amqpSequence, .amqpValue: self = .body
            case .footer: self = .footer
            default: return nil
            }
        }

        /// The place of a section of this phase behind what has been read; nil where it may not stand.
        package func place(after previous: Phase) -> Phase? {
            if previous < self || (self == .body && previous == .body) { return self }
            if self == .deliveryAnnotations, previous == .body || previous == .footer {
                return .lateDeliveryAnnotations
            }
            return nil
        }
    }

    /// Decodes sections until the reader's end.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        self.init()
        var previous = Phase.start
        while !reader.isAtEnd {
            let start = reader.offset
            guard let type = try reader.readCompositeType(), let phase = Phase(type) else {
                throw DecodingError(code: .unknownDescriptor, offset: start, message: "this is no section of a message")
            }
            guard let place = phase.place(after: previous) else {
                throw DecodingError(
                    code: .malformedMessage,
                    offset: start,
                    message: "a section of this kind may not come here",
                ).inside(type.name)
            }
            previous = place
            try self.decodeSection(type, startingAt: start, &reader)
        }
    }

    private mutating func decodeSection(
        _ type: CompositeType,
        startingAt start: Int,
        _ reader: inout ByteReader
    ) throws(DecodingError) {
        switch type {
        case .header: self.header = try Header(decodingList: &reader)
        case .properties: self.properties = try Properties(decodingList: &reader)
        default:
            do {
                switch type {
                case .deliveryAnnotations: self.add(deliveryAnnotations: try Self.decodeMap(&reader))
                case .messageAnnotations: self.messageAnnotations = try Self.decodeMap(&reader)
                case .applicationProperties: self.applicationProperties = try Self.decodeMap(&reader)
                case .footer: self.footer = try Self.decodeMap(&reader)
                default: try self.decodeBody(type, startingAt: start, &reader)
                }
            } catch {
                throw error.inside(type.name)
            }
        }
    }

    /// Of two sections of them the first one counts: it is the broker's.
    private mutating func add(deliveryAnnotations late: AMQPMap) {
        guard var annotations = self.deliveryAnnotations else {
            self.deliveryAnnotations = late
            return
        }
        // A set, as a peer decides how many there are.
        let known = Set(annotations.keys)
        for entry in late.entries where !known.contains(entry.key) {
            annotations.append(key: entry.key, value: entry.value)
        }
        self.deliveryAnnotations = annotations
    }

    private static func decodeMap(_ reader: inout ByteReader) throws(DecodingError) -> AMQPMap {
        let start = reader.offset
        guard let map = try reader.map() else {
            throw DecodingError(code: .wrongType, offset: start, message: "expected map, found null")
        }
        return map
    }

    private mutating func decodeBody(
        _ type: CompositeType,
        startingAt start: Int,
        _ reader: inout ByteReader
    ) throws(DecodingError) {
        let valueStart = reader.offset
        switch (type, self.body) {
        case (.amqpValue, .empty):
            self.body = .value(try ValueDecoder.decode(&reader))
        case (.data, .empty), (.data, .data):
            guard let bytes = try reader.binary() else {
                throw DecodingError(code: .wrongType, offset: valueStart, message: "expected binary, found null")
            }
            self.body.append(data: bytes)
        case (.amqpSequence, .empty), (.amqpSequence, .sequence):
            guard case .list(let elements) = try ValueDecoder.decode(&reader) else {
                throw DecodingError(code: .wrongType, offset: valueStart, message: "expected list")
            }
            self.body.append(sequence: elements)
        default:
            throw DecodingError(
                code: .malformedMessage,
                offset: start,
                message: "a body is sections of one kind, and at most one value"
            )
        }
    }
}

extension Message.Body {
    /// Adds a section without copying those before it.
    fileprivate mutating func append(data bytes: [UInt8]) {
        guard case .data(var sections) = self else {
            self = .data([bytes])
            return
        }
        self = .empty
        sections.append(bytes)
        self = .data(sections)
    }

    /// Adds a section without copying those before it.
    fileprivate mutating func append(sequence elements: [AMQPValue]) {
        guard case .sequence(var sections) = self else {
            self = .sequence([elements])
            return
        }
        self = .empty
        sections.append(elements)
        self = .sequence(sections)
    }
}
