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

/// A universally unique identifier (RFC 4122): sixteen bytes, without Foundation.
public struct UUIDBytes: Sendable, Hashable {
    /// The first eight bytes, big endian.
    public var high: UInt64

    /// The last eight bytes, big endian.
    public var low: UInt64

    /// Makes an identifier from its two halves, big endian.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier from exactly sixteen bytes; nil for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Parses the canonical form of 8-4-4-4-12 hexadecimal digits; nil when the text is anything else.
    public init?(_ text: String) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, character) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard digits < 32, let nibble = hexadecimalValue(of: character) else { return nil }
            if digits < 16 {
                halves.0 = halves.0 << 4 | UInt64(nibble)
            } else {
                halves.1 = halves.1 << 4 | UInt64(nibble)
            }
            digits += 1
        }
        guard digits == 32 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }

    /// A random identifier (version 4).
    public static func random(using generator: inout some RandomNumberGenerator) -> UUIDBytes {
        UUIDBytes(
            high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
            low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }

    /// A random identifier (version 4) from the system's generator.
    public static func random() -> UUIDBytes {
        var generator = SystemRandomNumberGenerator()
        return self.random(using: &generator)
    }

    /// The sixteen bytes.
    public var bytes: [UInt8] {
        (0..<16).map { index in
            let half = index < 8 ? self.high : self.low
            return UInt8(truncatingIfNeeded: half >> UInt64(8 * (7 - index % 8)))
        }
    }
}

extension UUIDBytes: CustomStringConvertible {
    /// The canonical text: lower-case hexadecimal digits in groups of 8-4-4-4-12.
    public var description: String {
        let text = hexadecimalText(self.high, digits: 16) + hexadecimalText(self.low, digits: 16)
        var result = ""
        for (index, character) in text.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { result.append("-") }
            result.append(character)
        }
        return result
    }
}
