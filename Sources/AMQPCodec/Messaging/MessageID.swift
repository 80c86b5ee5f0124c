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

/// The identifier of a message: one of four types (AMQP 1.0 part 3, sections 3.2.11 to 3.2.14).
public enum MessageID: Sendable, Hashable {
    /// A number.
    case ulong(UInt64)
    /// A universally unique identifier.
    case uuid(UUIDBytes)
    /// Bytes.
    case binary([UInt8])
    /// Text.
    case string(String)

    /// The same as a value.
    public var value: AMQPValue {
        switch self {
        case .ulong(let value): .ulong(value)
        case .uuid(let value): .uuid(value)
        case .binary(let value): .binary(value)
        case .string(let value): .string(value)
        }
    }

    /// Makes an identifier of a value; nil when the value has none of the four types.
    public init?(_ value: AMQPValue) {
        switch value {
        case .ulong(let value): self = .ulong(value)
        case .uuid(let value): self = .uuid(value)
        case .binary(let value): self = .binary(value)
        case .string(let value): self = .string(value)
        default: return nil
        }
    }
}

extension MessageID: ExpressibleByStringLiteral {
    /// Makes an identifier of text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension CompositeReader {
    /// Reads a field that is a message identifier.
    package mutating func messageID(
        _ name: StaticString,
        _ reader: inout ByteReader
    ) throws(DecodingError) -> MessageID? {
        let start = reader.offset
        guard let value = try self.any(name, &reader) else { return nil }
        guard let messageID = MessageID(value) else {
            throw DecodingError(
                code: .wrongType,
                offset: start,
                message: "a message identifier is a ulong, uuid, binary or string"
            ).inside(name)
        }
        return messageID
    }
}
