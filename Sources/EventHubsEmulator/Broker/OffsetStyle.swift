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

/// How the offsets of a partition read.
package enum OffsetStyle: Sendable, Equatable {
    /// Decimal byte positions.
    case plain
    /// No plain numbers, as in a geo-replicated namespace: the number of the region's turn, a colon, a byte position.
    case geoReplicated

    /// The number of the region's turn, which stands beside each sequence number; nil where there is one region.
    var epoch: Int32? { self == .geoReplicated ? 0 : nil }

    /// The most bytes by which an event is larger than with plain offsets.
    static let extraSize = 2 + StoredEvent.epochSize

    func text(of position: Int64) -> String {
        epoch.map { "\($0):\(position)" } ?? String(position)
    }

    /// The byte position that an offset stands for, or nil when it is none.
    func position(of text: String) -> Int64? {
        guard let epoch else { return Int64(text) }
        let prefix = "\(epoch):"
        return text.hasPrefix(prefix) ? Int64(text.dropFirst(prefix.count)) : nil
    }
}
