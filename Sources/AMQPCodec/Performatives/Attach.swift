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

/// Attaches a link to a session (AMQP 1.0 part 2, section 2.7.3).
package struct Attach: Sendable, Hashable {
    /// The name of the link, unique between the two containers for its direction.
    package var name: String

    /// The number that stands for the link in this session.
    package var handle: UInt32

    /// Which end of the link sends this.
    package var role: Role

    /// How the sender settles.
    package var sndSettleMode: SenderSettleMode

    /// When the receiver settles.
    package var rcvSettleMode: ReceiverSettleMode

    /// Where messages come from; nil when the link is refused.
    package var source: Source?

    /// Where messages go to; nil when the link is refused.
    package var target: Target?

    /// What stands in the target's place when it is none, for example a transaction coordinator.
    package var unknownTarget: AMQPDescribed?

    /// The deliveries that are not settled yet, when a link is resumed.
    package var unsettled: AMQPMap?

    /// Whether that map was too large to be sent whole.
    package var incompleteUnsettled: Bool

    /// The sender's delivery count at the start; mandatory for a sender.
    package var initialDeliveryCount: UInt32?

    /// The largest message that this side takes; nil or zero for any.
    package var maxMessageSize: UInt64?

    /// Extensions that this side supports.
    package var offeredCapabilities: [Symbol]

    /// Extensions that this side would use.
    package var desiredCapabilities: [Symbol]

    /// What the peer may know about the link.
    package var properties: AMQPMap?

    package init(
        name: String,
        handle: UInt32,
        role: Role,
        sndSettleMode: SenderSettleMode = .mixed,
        rcvSettleMode: ReceiverSettleMode = .first,
        source: Source? = nil,
        target: Target? = nil,
        unknownTarget: AMQPDescribed? = nil,
        unsettled: AMQPMap? = nil,
        incompleteUnsettled: Bool = false,
        initialDeliveryCount: UInt32? = nil,
        maxMessageSize: UInt64? = nil,
        offeredCapabilities: [Symbol] = [],
        desiredCapabilities: [Symbol] = [],
        properties: AMQPMap? = nil
    ) {
        self.name = name
        self.handle = handle
        self.role = role
        self.sndSettleMode = sndSettleMode
        self.rcvSettleMode = rcvSettleMode
        self.source = source
        self.target = target
        self.unknownTarget = unknownTarget
        self.unsettled = unsettled
        self.incompleteUnsettled = incompleteUnsettled
        self.initialDeliveryCount = initialDeliveryCount
        self.maxMessageSize = maxMessageSize
        self.offeredCapabilities = offeredCapabilities
        self.desiredCapabilities = desiredCapabilities
        self.properties = properties
    }
}

extension Attach: Composite {
    package static var compositeType: CompositeType { .attach }
    package static var fieldCount: Int { 14 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.name = try fields.string("name", &reader).required("name", at: reader.offset)
        self.handle = try fields.uint("handle", &reader).required("handle", at: reader.offset)
        self.role = Role(isReceiver: try fields.bool("role", &reader).required("role", at: reader.offset))
        self.sndSettleMode = try fields.choice("snd-settle-mode", &reader) ?? .mixed
        self.rcvSettleMode = try fields.choice("rcv-settle-mode", &reader) ?? .first
        self.source = try fields.composite("source", &reader)
        switch try fields.target(&reader) {
        case .some(.target(let target)): self.target = target
        case .some(.unknown(let described)): self.unknownTarget = described
        case nil: break
        }
        self.unsettled = try fields.map("unsettled", &reader)
        self.incompleteUnsettled = try fields.bool("incomplete-unsettled", &reader) ?? false
        self.initialDeliveryCount = try fields.uint("initial-delivery-count", &reader)
        self.maxMessageSize = try fields.ulong("max-message-size", &reader)
        self.offeredCapabilities = try fields.symbols("offered-capabilities", &reader)
        self.desiredCapabilities = try fields.symbols("desired-capabilities", &reader)
        self.properties = try fields.map("properties", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(string: self.name)
        writer.write(uint: self.handle)
        writer.writeBool(self.role.isReceiver)
        writer.write(ubyte: self.sndSettleMode.rawValue)
        writer.write(ubyte: self.rcvSettleMode.rawValue)
        writer.write(composite: self.source)
        if let unknownTarget = self.unknownTarget {
            writer.write(value: .described(unknownTarget))
        } else {
            writer.write(composite: self.target)
        }
        writer.write(map: self.unsettled)
        writer.writeTrueOrNull(self.incompleteUnsettled)
        writer.write(uint: self.initialDeliveryCount)
        writer.write(ulong: self.maxMessageSize)
        writer.write(symbols: self.offeredCapabilities)
        writer.write(symbols: self.desiredCapabilities)
        writer.write(map: self.properties)
    }
}

/// What may stand in the target's place.
private enum DecodedTarget {
    case target(Target)
    case unknown(AMQPDescribed)
}

extension CompositeReader {
    fileprivate mutating func target(_ reader: inout ByteReader) throws(DecodingError) -> DecodedTarget? {
        try self.field("target", &reader) { (reader: inout ByteReader) throws(DecodingError) in
            if try reader.readNull() { return nil }
            var probe = reader
            if try probe.readCompositeType() == .target {
                var fields = try CompositeReader(&probe)
                let target = try Target(&fields, &probe)
                try fields.finish(&probe)
                reader = probe
                return .target(target)
            }
            let start = reader.offset
            guard case .described(let described) = try ValueDecoder.decode(&reader) else {
                throw DecodingError(code: .wrongType, offset: start, message: "a target is a described value")
            }
            return .unknown(described)
        }
    }
}
