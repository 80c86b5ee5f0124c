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

/// Decodes a run of values, or the sections of a message, as far as they are right.
struct ValueInspection {
    /// What was decoded before the end or the first error.
    private(set) var values: [AMQPValue] = []

    /// The error that ended it.
    private(set) var error: DecodingError?

    /// The limits for an input: elements that have bytes are bounded by those, the others by the usual number.
    private static func limits(for bytes: [UInt8]) -> DecodingLimits {
        DecodingLimits(maximumElements: max(bytes.count, DecodingLimits.default.maximumElements))
    }

    /// Decodes a run of values.
    init(values bytes: [UInt8]) {
        var reader = ByteReader(bytes.span.bytes, limits: Self.limits(for: bytes))
        do {
            while !reader.isAtEnd { self.values.append(try ValueDecoder.decode(&reader)) }
        } catch {
            self.error = error
        }
    }

    /// Decodes the sections of one message, each as the described value that it is.
    init(message bytes: [UInt8]) {
        var reader = ByteReader(bytes.span.bytes, limits: Self.limits(for: bytes))
        var previous = Message.Phase.start
        var body: CompositeType?
        do {
            while !reader.isAtEnd {
                let start = reader.offset
                let section = try ValueDecoder.decode(&reader)
                let (type, place) = try Self.checkSection(section, at: start, after: previous, body: body)
                previous = place
                if place == .body { body = type }
                self.values.append(section)
            }
        } catch {
            self.error = error
        }
    }

    /// Checks that a value is a section that may come here and has the right type; returns which one it is, and its place.
    private static func checkSection(
        _ section: AMQPValue,
        at start: Int,
        after previous: Message.Phase,
        body: CompositeType?
    ) throws(DecodingError) -> (CompositeType, Message.Phase) {
        guard case .described(let described) = section,
            let type = CompositeType(descriptor: described.descriptor), let phase = Message.Phase(type)
        else {
            throw DecodingError(code: .unknownDescriptor, offset: start, message: "this is no section of a message")
        }
        guard let place = phase.place(after: previous),
            phase != .body || body == nil || (body == type && type != .amqpValue)
        else {
            throw DecodingError(
                code: .malformedMessage,
                offset: start,
                path: "\(type.name)",
                message: "a section of this kind may not come here"
            )
        }
        let isRight =
            switch (type, described.value) {
            case (.header, .list), (.properties, .list), (.amqpSequence, .list), (.data, .binary), (.amqpValue, _): true
            case (.deliveryAnnotations, .map), (.messageAnnotations, .map): true
            case (.applicationProperties, .map), (.footer, .map): true
            default: false
            }
        guard isRight else {
            throw DecodingError(
                code: .wrongType,
                offset: start,
                path: "\(type.name)",
                message: "the section's value has the wrong type"
            )
        }
        return (type, place)
    }
}
