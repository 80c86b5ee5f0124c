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

/// Which partition events are sent to.
public enum PartitionTarget: Sendable, Hashable {
    /// The service chooses, batch by batch.
    case automatic
    /// Exactly this partition.
    case partition(PartitionID)
    /// The partition that the service derives from the key: equal keys always meet in the same one.
    case key(String)

    /// The key that routes, if there is one.
    package var partitionKey: String? {
        if case .key(let key) = self { key } else { nil }
    }

    /// The partition addressed, if there is one.
    package var partition: PartitionID? {
        if case .partition(let id) = self { id } else { nil }
    }

    /// A key has to have 1 to this many UTF-8 bytes.
    static let maximumKeyLength = 128

    /// - Throws: ``EventHubsError`` when the key cannot be sent.
    package func validate() throws(EventHubsError) {
        guard case .key(let key) = self else { return }
        guard (1...Self.maximumKeyLength).contains(key.utf8.count) else {
            throw EventHubsError(
                .invalidArgument,
                "A partition key has 1 to \(Self.maximumKeyLength) bytes of UTF-8; this one has \(key.utf8.count)."
            )
        }
    }
}
