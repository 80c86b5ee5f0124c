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

/// How to answer the peer's attach. What is nil is answered as the peer asked.
package struct LinkAcceptance: Sendable {
    package var source: Source?
    package var target: Target?
    package var senderSettleMode: SenderSettleMode?
    package var receiverSettleMode: ReceiverSettleMode?
    /// The largest message on this link; nil: no answer.
    package var maxMessageSize: UInt64?
    package var offeredCapabilities: [Symbol] = []
    package var desiredCapabilities: [Symbol] = []
    package var properties: AMQPMap?
    /// Receivers: the message annotations decoded along with each delivery.
    package var projection: AnnotationProjection = .none

    package init() {}
}
