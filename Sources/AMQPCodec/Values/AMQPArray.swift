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

/// An array of values that share one constructor on the wire (AMQP 1.0 part 1, section 1.6.24).
///
/// The constructor is kept as it was decoded, so that an array is written again with the encoding it came in.
public struct AMQPArray: Sendable, Hashable {
    /// The format code of the elements, for example `0xA3` for short symbols.
    public let elementConstructor: UInt8

    /// The descriptor that all elements share, or nil when they are plain values.
    public let descriptor: AMQPValue?

    /// The elements, without the shared descriptor.
    public let elements: [AMQPValue]

    /// Takes over what a decoder has verified: every element can be encoded with the constructor.
    package init(verifiedConstructor: FormatCode, descriptor: AMQPValue?, elements: [AMQPValue]) {
        self.elementConstructor = verifiedConstructor.rawValue
        self.descriptor = descriptor
        self.elements = elements
    }

    /// Makes an array of values of one type; nil when the values are of different types or carry descriptors of their own.
    ///
    /// The constructor is the narrowest one that fits every element. An empty array is written as an array of nulls.
    public init?(_ elements: [AMQPValue], descriptor: AMQPValue? = nil) {
        guard let constructor = FormatCode(forArrayOf: elements) else { return nil }
        self.init(verifiedConstructor: constructor, descriptor: descriptor, elements: elements)
    }

    /// Makes an array of symbols.
    public init(symbols: [Symbol]) {
        let wide = symbols.contains { $0.rawValue.utf8.count > 255 }
        self.init(
            verifiedConstructor: wide ? .symbol32 : .symbol8,
            descriptor: nil,
            elements: symbols.map { .symbol($0) }
        )
    }
}
