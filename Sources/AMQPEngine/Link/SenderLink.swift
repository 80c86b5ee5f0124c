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

internal import AMQPCodec

/// Everything an engine keeps about one link on which it sends.
struct SenderLink: ~Copyable {
    /// A delivery that waits, or is partly written.
    struct Pending {
        var delivery: OutgoingDelivery
        var number: UInt64
    }

    /// How far the delivery at the head of the queue has been written.
    struct Progress {
        var splitter: TransferSplitter
        var isSettled: Bool
    }

    var common: LinkEndpoint
    var credit = SenderCredit()
    var pending = FIFO<Pending>()
    var pendingBytes = 0
    var progress: Progress?
    /// How many deliveries have been given to this link.
    var nextNumber: UInt64 = 0
    /// Our `max-message-size` is the peer's to state; 0: none.
    var maxMessageSize: UInt64 = 0
    /// Whether the link is on the engine's list of senders that may write.
    var isReady = false
    /// Whether the link is on the engine's list of senders that have to answer a drain or an echo.
    var needsFlow = false
    /// Whether the owner is to be told when there is room for its next delivery.
    var awaitsRoom = false

    init(common: consuming LinkEndpoint) { self.common = common }

    /// Whether a delivery goes out settled, as the link's mode and the caller have it.
    func isSettled(_ delivery: OutgoingDelivery) -> Bool {
        switch common.senderSettleMode {
        case .settled: true
        case .unsettled: false
        case .mixed: delivery.settled ?? false
        }
    }

    /// Forgets what has not been sent, because the link ends.
    mutating func dropPending() {
        pending.removeAll()
        pendingBytes = 0
        progress = nil
    }
}
