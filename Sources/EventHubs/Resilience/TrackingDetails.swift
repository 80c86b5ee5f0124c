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

/// What the service appends to its error texts for Microsoft's support:
/// `[Reference:{…},] TrackingId:{id}, SystemTracker:{…}, Timestamp:{…}`.
package struct TrackingDetails: Sendable, Hashable {
    /// Where in the service it failed, in the service's own terms.
    package var reference: String?

    /// The identifier of the failure.
    package var trackingID: String?

    /// Which part of the service failed.
    package var systemTracker: String?

    /// When, as the service wrote it.
    package var timestamp: String?

    /// Finds the details in `description`; what is not there stays nil.
    package init(parsing description: String) {
        reference = Self.value(after: "Reference:", in: description)
        trackingID = Self.value(after: "TrackingId:", in: description)
        systemTracker = Self.value(after: "SystemTracker:", in: description)
        timestamp = Self.value(after: "Timestamp:", in: description)
    }

    /// The text after `label`, up to a comma, a blank or the end.
    private static func value(after label: String, in description: String) -> String? {
        guard let range = description.range(ofSubstring: label) else { return nil }
        let value = description[range.upperBound...].prefix { $0 != "," && !$0.isWhitespace }
        return value.isEmpty ? nil : String(value)
    }
}
