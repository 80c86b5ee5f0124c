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

/// Where in a partition's stream to begin.
///
/// Offsets are opaque text: pass back what an event carried, never calculate. A position after the end of the stream
/// is refused by the service with ``EventHubsError/Code/invalidPosition``.
public enum EventPosition: Sendable, Hashable {
    /// The oldest event the service still has.
    case earliest
    /// Only events that are enqueued after the receiver has been opened.
    case latest
    /// After the event with this offset, or from it when `inclusive`.
    case offset(String, inclusive: Bool = false)
    /// After the event with this sequence number, or from it when `inclusive`.
    case sequenceNumber(Int64, inclusive: Bool = false)
    /// The first event enqueued after this time.
    case enqueuedTime(Timestamp)
}

extension EventPosition: CustomStringConvertible {
    /// The position in words.
    public var description: String {
        switch self {
        case .earliest: "earliest"
        case .latest: "latest"
        case .offset(let offset, let inclusive): "\(inclusive ? "from" : "after") offset \(offset)"
        case .sequenceNumber(let number, let inclusive): "\(inclusive ? "from" : "after") sequence number \(number)"
        case .enqueuedTime(let time): "enqueued after \(time.millisecondsSinceEpoch) ms"
        }
    }
}
