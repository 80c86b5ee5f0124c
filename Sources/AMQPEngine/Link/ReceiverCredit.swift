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

/// The link credit that a receiver has granted (AMQP 1.0, part 2, section 2.6.7).
///
/// `limit` is the highest delivery-count the sender may reach under any credit it has been granted. Lowering the credit does not
/// lower it, because deliveries sent under the earlier grant may still be on their way.
struct ReceiverCredit: Equatable, Sendable {
    /// The sender's count of deliveries, as far as we know.
    private(set) var deliveryCount = SequenceNumber(0)

    /// Deliveries that the sender may still send under the last grant.
    private(set) var credit: UInt32 = 0

    /// Whether the sender has been asked to use or give up its credit.
    private(set) var isDraining = false

    private var limit = SequenceNumber(0)

    /// Deliveries beyond every grant that are let pass.
    private let overrun: UInt32

    init(overrun: UInt32 = 0) { self.overrun = min(overrun, UInt32(Int32.max) / 2) }

    /// The sender's `attach` tells where its count starts. Credit granted before is kept.
    mutating func attachReceived(initialDeliveryCount: UInt32) {
        deliveryCount = SequenceNumber(initialDeliveryCount)
        limit = deliveryCount.advanced(by: credit)
    }

    /// Sets the credit, absolutely; a flow has to follow. More than serial numbers can tell apart is cut off.
    mutating func grant(_ requested: UInt32) {
        let newCredit = min(requested, UInt32(Int32.max))
        credit = newCredit
        isDraining = false
        let newLimit = deliveryCount.advanced(by: newCredit)
        if limit.isBefore(newLimit) { limit = newLimit }
    }

    /// Asks the sender to use up its credit or give it back; a flow has to follow. False: there is no credit to drain.
    mutating func drain() -> Bool {
        isDraining = credit > 0
        return isDraining
    }

    /// Counts one delivery. False: the sender had no credit, a violation.
    @inline(__always)
    mutating func deliveryReceived() -> Bool {
        guard remainingLimit > 0 else { return false }
        deliveryCount.increment()
        if credit > 0 { credit -= 1 }
        return true
    }

    /// Deliveries that may still come under any credit granted, or that are let pass beyond it.
    var remainingLimit: Int { max(0, Int(deliveryCount.distance(to: limit)) + Int(overrun)) }

    /// Counts deliveries that were taken together; at most ``remainingLimit``.
    mutating func deliveriesReceived(_ count: UInt32) {
        precondition(Int(count) <= remainingLimit, "more deliveries taken than there was credit for")
        deliveryCount = deliveryCount.advanced(by: count)
        credit = credit > count ? credit - count : 0
    }

    /// Whether a drain has just come to its end: no credit is left.
    mutating func completeDrainIfExhausted() -> Bool {
        guard isDraining, credit == 0 else { return false }
        isDraining = false
        return true
    }

    /// The sender's flow may advance its count past deliveries that it will not send (the answer to a drain).
    ///
    /// A count that goes backwards, or beyond what was granted, is ignored, and so is whatever the sender says about credit:
    /// credit is ours to give.
    mutating func flowReceived(deliveryCount newCount: UInt32?) {
        guard let newCount else { return }
        let count = SequenceNumber(newCount)
        let advance = deliveryCount.distance(to: count)
        guard advance > 0, !limit.isBefore(count) else { return }
        deliveryCount = count
        credit = credit > UInt32(advance) ? credit - UInt32(advance) : 0
    }
}
