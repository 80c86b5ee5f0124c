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

package import AMQPCodec

/// How to attach a sender.
package struct SenderOptions: Sendable {
    /// Unique among the senders of the connection.
    package var name: String
    package var source: Source?
    package var target: Target?
    package var senderSettleMode: SenderSettleMode = .mixed
    /// Event Hubs senders ask for `second`.
    package var receiverSettleMode: ReceiverSettleMode = .first
    package var maxMessageSize: UInt64?
    package var offeredCapabilities: [Symbol] = []
    package var desiredCapabilities: [Symbol] = []
    package var properties: AMQPMap?

    package init(name: String, source: Source? = Source(), target: Target?) {
        self.name = name
        self.source = source
        self.target = target
    }
}
