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

/// How the replay listener sees one session of its peer.
struct ReplaySession {
    /// The next transfer-id this side sends with, and how many more transfers the peer's window takes.
    var nextOutgoingID: UInt32 = 1
    var remoteWindow: UInt32
    /// The next transfer-id expected from the peer, and transfers it may still send.
    var nextIncomingID: UInt32
    var incomingWindow = Self.windowSize
    var nextDeliveryID: UInt32 = 0

    static let windowSize: UInt32 = 1 << 20

    init(_ begin: Begin) {
        remoteWindow = begin.incomingWindow
        nextIncomingID = begin.nextOutgoingID
    }

    /// Takes over what a flow says of the session (part 2, section 2.5.6).
    mutating func flowReceived(_ flow: Flow) {
        nextIncomingID = flow.nextOutgoingID
        let initial = flow.nextIncomingID ?? 1
        remoteWindow = initial &+ flow.incomingWindow &- nextOutgoingID
    }
}

/// A link on which the replay listener sends: an endless partition, or the answers of a request-response node.
struct ReplaySource {
    let address: String
    let channel: UInt16
    let handle: UInt32
    /// The channel on which the peer hears this side.
    let outgoingChannel: UInt16
    var deliveryCount: UInt32 = 0
    var credit: UInt32 = 0
    var nextSequence: Int64 = 0
    /// Whether events are sent on it; other nodes only answer.
    let isPartition: Bool

    mutating func flowReceived(_ flow: Flow) {
        guard let linkCredit = flow.linkCredit else { return }
        credit = (flow.deliveryCount ?? 0) &+ linkCredit &- deliveryCount
        if flow.drain {
            deliveryCount &+= credit
            credit = 0
        }
    }
}

/// A link on which the replay listener takes in whatever comes and accepts it.
struct ReplaySink {
    let address: String
    let channel: UInt16
    let handle: UInt32
    let outgoingChannel: UInt16
    var deliveryCount: UInt32
    var credit: UInt32 = 0
    /// The delivery whose frames arrive.
    var deliveryID: UInt32 = 0

    static let creditWindow: UInt32 = 20_000
}
