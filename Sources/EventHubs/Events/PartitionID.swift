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

/// Names one partition of an event hub. Ids are decimal strings, "0" and up, and are never calculated with.
public struct PartitionID: RawRepresentable, Sendable, Hashable {
    /// The id's text.
    public let rawValue: String

    /// The partition named `rawValue`.
    /// - Parameter rawValue: the id's text.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The partition named `id`.
    /// - Parameter id: the id's text.
    public init(_ id: String) { rawValue = id }
}

extension PartitionID: ExpressibleByStringLiteral {
    /// The partition named by the literal.
    /// - Parameter value: the id's text.
    public init(stringLiteral value: String) { rawValue = value }
}

extension PartitionID: CustomStringConvertible {
    /// The id's text.
    public var description: String { rawValue }
}

extension PartitionID: Comparable {
    /// By number where both are numbers, so that "10" comes after "9"; else by text.
    public static func < (left: PartitionID, right: PartitionID) -> Bool {
        if let leftNumber = UInt64(left.rawValue), let rightNumber = UInt64(right.rawValue), leftNumber != rightNumber {
            return leftNumber < rightNumber
        }
        return left.rawValue < right.rawValue
    }
}

extension PartitionID: Codable {
    /// Decodes a plain string.
    /// - Parameter decoder: where from.
    /// - Throws: what the decoder throws.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    /// Encodes as a plain string.
    /// - Parameter encoder: where to.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
