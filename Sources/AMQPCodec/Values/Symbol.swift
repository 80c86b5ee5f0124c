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

/// A symbolic value from a constrained domain: seven-bit ASCII on the wire (AMQP 1.0 part 1, section 1.6.21).
public struct Symbol: RawRepresentable, Sendable, Hashable {
    /// The text of the symbol.
    public var rawValue: String

    /// Makes a symbol of the given text, which must be ASCII to be legal on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a symbol of the given text.
    public init(_ text: String) {
        self.rawValue = text
    }
}

extension Symbol: ExpressibleByStringLiteral {
    /// Makes a symbol from a string literal.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }
}

extension Symbol: CustomStringConvertible {
    /// The text of the symbol.
    public var description: String { self.rawValue }
}
