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

import ArgumentParser
import EventHubs
import Foundation

/// Where to begin: `earliest`, `latest`, `offset:X`, `sequence:N` or `time:T`.
///
/// The event with the named offset or sequence number is included. A time is milliseconds since 1970 or ISO 8601, such as
/// `2026-11-22T10:00:00Z`.
struct PositionArgument: ExpressibleByArgument {
    let position: EventPosition

    init(_ position: EventPosition) { self.position = position }

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0], parts.count == 2 ? String(parts[1]) : nil) {
        case ("earliest", nil):
            position = .earliest
        case ("latest", nil):
            position = .latest
        case ("offset", let offset?) where !offset.isEmpty:
            position = .offset(offset, inclusive: true)
        case ("sequence", let number?):
            guard let number = Int64(number), number >= 0 else { return nil }
            position = .sequenceNumber(number, inclusive: true)
        case ("time", let time?):
            guard let milliseconds = Int64(time) ?? Self.milliseconds(iso8601: time) else { return nil }
            // The service takes what is strictly later: begin just before.
            position = .enqueuedTime(Timestamp(millisecondsSinceEpoch: milliseconds &- 1))
        default:
            return nil
        }
    }

    var defaultValueDescription: String { position.description }

    private static func milliseconds(iso8601 text: String) -> Int64? {
        let formatter = ISO8601DateFormatter()
        let fractional = ISO8601DateFormatter()
        fractional.formatOptions.insert(.withFractionalSeconds)
        guard let date = formatter.date(from: text) ?? fractional.date(from: text) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }
}
