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

/// A 32-bit serial number with the arithmetic of RFC 1982: transfer ids, delivery ids and delivery counts wrap.
///
/// AMQP 1.0, part 2, section 2.8.10. Comparison has a meaning only for numbers less than 2³¹ apart.
struct SequenceNumber: RawRepresentable, Hashable, Sendable {
    var rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// How far `other` lies ahead of this number; negative when it lies behind.
    func distance(to other: SequenceNumber) -> Int32 { Int32(bitPattern: other.rawValue &- rawValue) }

    /// Whether this number comes before `other`.
    func isBefore(_ other: SequenceNumber) -> Bool { distance(to: other) > 0 }

    /// The number `count` steps further on.
    func advanced(by count: UInt32) -> SequenceNumber { SequenceNumber(rawValue &+ count) }

    /// Steps to the next number.
    mutating func increment() { rawValue &+= 1 }
}
