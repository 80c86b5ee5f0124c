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

/// Why bytes could not be decoded, and where.
public struct DecodingError: Error, Sendable, Hashable {
    /// The kinds of damage.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The input ends, or the enclosing length does, before the value does.
        case truncated
        /// A byte is no format code of the specification.
        case invalidFormatCode
        /// Text is not valid UTF-8.
        case invalidUTF8
        /// The bytes are no legal value of their type: a surrogate as a character, a symbol that is not ASCII, an odd map.
        case invalidValue
        /// A length or count does not agree with what it encloses.
        case sizeMismatch
        /// Values are nested deeper than the limit.
        case nestingTooDeep
        /// There are more elements than the limit.
        case tooManyElements
        /// A mandatory field is null or absent.
        case missingField
        /// A value has another type than its place demands.
        case wrongType
        /// A descriptor has no meaning in its place.
        case unknownDescriptor
        /// A frame is larger than the limit.
        case frameTooLarge
        /// A frame's header contradicts itself or its body is not what the frame's type demands.
        case malformedFrame
        /// Eight bytes are no AMQP protocol header.
        case invalidProtocolHeader
        /// The sections of a message are in the wrong order, or one is there twice.
        case malformedMessage
    }

    /// The kind of damage.
    public var code: Code

    /// Where it was found: bytes from the start of the input.
    public var offset: Int

    /// The place in the structure, in the specification's words, for example `attach.source.filter`; empty at top level.
    public var path: String

    /// What was found and what was expected, for people.
    public var message: String

    /// Makes an error.
    public init(code: Code, offset: Int, path: String = "", message: String) {
        self.code = code
        self.offset = offset
        self.path = path
        self.message = message
    }

    /// The same error with the name of an enclosing field or type before its path.
    package func inside(_ name: StaticString) -> DecodingError {
        var error = self
        error.path = error.path.isEmpty ? "\(name)" : "\(name).\(error.path)"
        return error
    }
}

extension DecodingError: CustomStringConvertible {
    /// The code's message with the place and the byte offset.
    public var description: String {
        let place = self.path.isEmpty ? "" : " in \(self.path)"
        return "\(self.message)\(place) at byte \(self.offset)"
    }
}
