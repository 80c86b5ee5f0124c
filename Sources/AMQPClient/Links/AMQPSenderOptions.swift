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
import AMQPEngine

/// What a sender link asks for.
public struct AMQPSenderOptions: Sendable {
    /// The link's name; random unless given.
    public var name: String?
    /// Where our messages come from, as the peer sees it; an empty source unless given.
    public var source = Source()
    /// The target beside its address, which is given separately.
    public var target = Target()
    /// Whether deliveries are sent settled.
    public var senderSettleMode = SenderSettleMode.mixed
    /// When the peer settles.
    public var receiverSettleMode = ReceiverSettleMode.first
    /// The largest message we would like to send.
    public var maxMessageSize: UInt64?
    /// Properties of the attach.
    public var properties: AMQPMap?
    /// Capabilities that we want of the peer.
    public var desiredCapabilities: [Symbol] = []
    /// How many deliveries may be unsettled before further sends wait.
    public var maximumInFlight = 2_048
    /// How many bytes may be unsettled before further sends wait.
    public var maximumInFlightBytes = 16 * 1024 * 1024
    /// How many sends may wait before further ones fail.
    public var maximumWaiting = 65_536

    /// The usual options.
    public init() {}

    func engineOptions(for address: String) -> SenderOptions {
        var target = self.target
        if !address.isEmpty { target.address = address }
        var source = self.source
        let name = self.name ?? "sender-\(AMQPConnectionConfiguration.randomName())"
        if source.address == nil { source.address = name }
        var options = SenderOptions(name: name, source: source, target: target)
        options.senderSettleMode = senderSettleMode
        options.receiverSettleMode = receiverSettleMode
        options.maxMessageSize = maxMessageSize
        options.desiredCapabilities = desiredCapabilities
        options.properties = properties
        return options
    }
}
