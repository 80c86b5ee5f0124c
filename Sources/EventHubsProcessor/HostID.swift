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

/// The name under which a host owns partitions.
///
/// It must be unique among the hosts of one consumer group: two hosts with one name would each take the other's leases
/// for their own. A stable name (a pod's name, say) lets a restarted host take up its old partitions at once.
public struct HostID: Hashable, Sendable {
    /// The text, as the store keeps it.
    public let rawValue: String

    /// Makes an identifier from text.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// A new identifier of 128 random bits, as 32 hexadecimal digits.
    public static func unique() -> HostID {
        var generator = SystemRandomNumberGenerator()
        return unique(using: &generator)
    }

    /// A new identifier from the given source of randomness.
    public static func unique(using generator: inout some RandomNumberGenerator) -> HostID {
        let halves = [generator.next(), generator.next()] as [UInt64]
        return HostID(
            halves.map { half in
                let digits = String(half, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
        )
    }
}

extension HostID: ExpressibleByStringLiteral {
    /// Makes an identifier from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension HostID: CustomStringConvertible {
    /// The text.
    public var description: String { rawValue }
}

extension HostID: Comparable {
    /// In the order of the texts.
    public static func < (left: HostID, right: HostID) -> Bool {
        left.rawValue < right.rawValue
    }
}
