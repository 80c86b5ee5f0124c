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

/// The name-value pairs of a container or a blob. Names are compared without regard to case.
package struct BlobMetadata: Equatable, Sendable, Codable {
    package struct Entry: Equatable, Sendable, Codable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The most bytes that names and values may take together.
    static let maximumSize = 8 * 1024

    package private(set) var entries: [Entry]

    init() {
        entries = []
    }

    /// Names must be identifiers: letters, digits and underscores, and no digit in front.
    init(checking entries: [Entry]) throws(BlobServiceError) {
        for entry in entries {
            let isIdentifier = entry.name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard isIdentifier, let first = entry.name.unicodeScalars.first, !("0"..."9").contains(first) else {
                throw BlobServiceError(
                    400,
                    .invalidMetadata,
                    "The metadata specified is invalid. It has characters that are not permitted."
                )
            }
        }
        guard entries.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= Self.maximumSize else {
            throw BlobServiceError(
                400,
                .metadataTooLarge,
                "The size of the specified metadata exceeds the maximum size permitted."
            )
        }
        self.entries = entries
    }

    package subscript(name: String) -> String? {
        entries.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var headers: [(name: String, value: String)] {
        entries.map { ("x-ms-meta-\($0.name)", $0.value) }
    }
}
