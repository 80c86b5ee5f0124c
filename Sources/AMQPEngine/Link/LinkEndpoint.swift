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

/// What sender and receiver links have in common.
struct LinkEndpoint: ~Copyable {
    let id: LinkID
    /// The slot of the session.
    let session: Int
    let name: String
    var machine = LinkStateMachine()
    let outputHandle: OutputHandle
    /// The peer's handle, once its attach has come.
    var inputHandle: InputHandle?
    /// The peer's attach, kept while it waits for our answer.
    var request: Attach?
    /// Whether the link's name is registered for it (a second link under a live name has none, until it is refused).
    var ownsName = true
    var senderSettleMode = SenderSettleMode.mixed
    var receiverSettleMode = ReceiverSettleMode.first

    init(id: LinkID, session: Int, name: String, outputHandle: OutputHandle) {
        self.id = id
        self.session = session
        self.name = name
        self.outputHandle = outputHandle
    }

    var slot: LinkSlot { LinkSlot(isSender: id.isSender, index: Int(id.index)) }

    /// Takes over what the peer's attach says.
    mutating func adopt(_ attach: Attach, handle: InputHandle) {
        inputHandle = handle
        adoptModes(of: attach)
    }

    /// Takes over the settle modes of the attach that had the last word.
    mutating func adoptModes(of attach: Attach) {
        senderSettleMode = attach.sndSettleMode
        receiverSettleMode = attach.rcvSettleMode
    }
}
