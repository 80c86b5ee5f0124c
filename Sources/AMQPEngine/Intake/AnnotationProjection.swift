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

/// Which message annotations a receiver link decodes together with the frame, at no cost per event worth counting.
///
/// At most four keys, each with the type that the sender gives its values. In every ``DeliveryDescriptor`` of the link, the value
/// of key `n` lies in slot `n`; a key that is missing or of another type leaves its slot empty.
public struct AnnotationProjection: Sendable, Equatable {
    /// The type of an annotation's value.
    public enum Kind: UInt8, Sendable {
        /// A signed integer: `long` or `int` in any encoding.
        case long
        /// A `timestamp`, in milliseconds of the Unix epoch.
        case timestamp
        /// A `string`; its bytes stay where they are.
        case string
    }

    /// One key and the type of its value.
    public struct Field: Sendable, Equatable {
        /// The annotation's key, a symbol.
        public let key: String
        /// The type its value has to have.
        public let kind: Kind

        let keyBytes: [UInt8]

        /// A field of a projection.
        public init(_ key: String, _ kind: Kind) {
            self.key = key
            self.kind = kind
            keyBytes = [UInt8](key.utf8)
        }
    }

    /// The largest number of fields in one projection.
    public static let maximumFieldCount = 4

    /// A projection of nothing.
    public static let none = AnnotationProjection([])

    /// The fields by slot.
    public let fields: [Field]

    /// A projection of at most ``maximumFieldCount`` fields; more is a programming error.
    public init(_ fields: [Field]) {
        precondition(fields.count <= Self.maximumFieldCount, "a projection has at most four fields")
        self.fields = fields
    }
}
