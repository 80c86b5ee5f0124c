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

/// A message to send, encoded.
package struct OutgoingDelivery: Sendable {
    /// The whole encoded message. Kept by reference when it is large.
    package var payload: [UInt8]
    /// 1 to 32 bytes; nil: a tag from the link's counter.
    package var tag: [UInt8]?
    package var messageFormat: UInt32
    /// Whether the receiver need not settle; nil: as the link's snd-settle-mode says (mixed counts as unsettled).
    package var settled: Bool?

    package init(payload: [UInt8], tag: [UInt8]? = nil, messageFormat: UInt32 = 0, settled: Bool? = nil) {
        self.payload = payload
        self.tag = tag
        self.messageFormat = messageFormat
        self.settled = settled
    }
}
