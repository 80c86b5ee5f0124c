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

public import AMQPCodec
public import AMQPEngine

/// What a receiver link asks for.
public struct AMQPReceiverOptions: Sendable {
    /// Who decides how much the peer may send.
    public enum Credit: Sendable, Hashable {
        /// Up to so many deliveries are on their way or waiting to be consumed; topped up at half.
        case window(Int)
        /// Nothing comes before `grant(_:)`.
        case manual
    }

    /// The link's name; random unless given.
    public var name: String?
    /// The source beside its address, which is given separately: filters, outcomes.
    public var source = Source()
    /// Where our messages go, as the peer sees it; the link's name unless it has an address.
    public var target = Target()
    /// How the peer is asked to send.
    public var senderSettleMode = SenderSettleMode.mixed
    /// When we settle.
    public var receiverSettleMode = ReceiverSettleMode.first
    /// The largest message that we take; nil for the library's limit.
    public var maxMessageSize: UInt64?
    /// Properties of the attach.
    public var properties: AMQPMap?
    /// Capabilities that we want of the peer.
    public var desiredCapabilities: [Symbol] = []
    /// Who decides how much the peer may send.
    public var credit = Credit.window(1_000)
    /// About how many bytes may wait to be consumed: the window shrinks when messages are large, to one message at least.
    public var maximumBufferedBytes = 32 * 1024 * 1024
    /// The message annotations decoded along with each delivery.
    public var projection = AnnotationProjection.none

    /// The usual options.
    public init() {}

    func engineOptions(for address: String) -> ReceiverOptions {
        var source = self.source
        if !address.isEmpty { source.address = address }
        var target = self.target
        let name = self.name ?? "receiver-\(AMQPConnectionConfiguration.randomName())"
        if target.address == nil { target.address = name }
        var options = ReceiverOptions(name: name, source: source, target: target)
        options.senderSettleMode = senderSettleMode
        options.receiverSettleMode = receiverSettleMode
        options.maxMessageSize = maxMessageSize
        options.desiredCapabilities = desiredCapabilities
        options.properties = properties
        options.projection = projection
        return options
    }
}
