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

/// The link credit that a sender has been granted (AMQP 1.0, part 2, section 2.6.7).
struct SenderCredit: Equatable, Sendable {
    /// The delivery-count our `attach` starts with.
    static let initialDeliveryCount: UInt32 = 0

    /// Our count of deliveries, including those given up by a drain.
    private(set) var deliveryCount = SequenceNumber(Self.initialDeliveryCount)

    /// Deliveries that may still be sent.
    private(set) var credit: UInt32 = 0

    /// Whether the receiver wants its credit used or given back.
    private(set) var isDrainRequested = false

    /// Counts one delivery; ``credit`` has to be positive.
    mutating func deliverySent() {
        precondition(credit > 0, "a delivery was sent without credit")
        deliveryCount.increment()
        credit -= 1
    }

    /// Takes a grant. It counts from the receiver's delivery-count, so what is still on its way to the receiver is subtracted.
    ///
    /// A receiver that has not yet seen our `attach` sends no delivery-count: then it counts from the initial one.
    mutating func flowReceived(deliveryCount seen: UInt32?, linkCredit: UInt32, drain: Bool) {
        let seen = SequenceNumber(seen ?? Self.initialDeliveryCount)
        // More seen than sent cannot be; it is taken as "all seen".
        let underway = max(0, Int64(seen.distance(to: deliveryCount)))
        credit = UInt32(clamping: Int64(linkCredit) - underway)
        isDrainRequested = drain
    }

    /// Gives the remaining credit back, as the receiver asked; a flow has to follow.
    mutating func completeDrain() {
        deliveryCount = deliveryCount.advanced(by: credit)
        credit = 0
        isDrainRequested = false
    }
}
