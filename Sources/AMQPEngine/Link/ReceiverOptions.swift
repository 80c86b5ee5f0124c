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

/// How to attach a receiver.
package struct ReceiverOptions: Sendable {
    /// Unique among the receivers of the connection.
    package var name: String
    package var source: Source?
    package var target: Target?
    package var senderSettleMode: SenderSettleMode = .mixed
    package var receiverSettleMode: ReceiverSettleMode = .first
    /// The largest message taken; nil or 0: as large as the engine's limit.
    package var maxMessageSize: UInt64?
    package var offeredCapabilities: [Symbol] = []
    package var desiredCapabilities: [Symbol] = []
    package var properties: AMQPMap?
    /// The message annotations decoded along with each delivery.
    package var projection: AnnotationProjection = .none

    package init(name: String, source: Source?, target: Target? = Target()) {
        self.name = name
        self.source = source
        self.target = target
    }
}
