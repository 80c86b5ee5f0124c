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

public import AMQPEngine

/// One event as it came from a partition: a small view on the memory it was received into.
///
/// Sequence number, offset, enqueued time and body are at hand; everything else is decoded when it is asked for, each
/// time anew. Keeping an event keeps the whole receive buffer (256 KiB or more) alive with its neighbours in it: keep
/// ``detached()`` instead.
@frozen
public struct ReceivedEventData: Sendable {
    /// The delivery behind the event, for what AMQP knows and this type does not show.
    public let delivery: Delivery

    /// The event in `delivery`, received with the projection of events.
    @inlinable
    package init(_ delivery: Delivery) { self.delivery = delivery }

    /// The event's number in its partition, without gaps; -1 when the peer gave none.
    @inlinable
    public var sequenceNumber: Int64 { delivery.integer(0) ?? -1 }

    /// The event's place in its partition: opaque text, to be handed back in an ``EventPosition``; empty when the peer
    /// gave none.
    public var offset: String { delivery.string(EventProjection.offsetSlot) ?? "" }

    /// When the service took the event in; 1970 when the peer did not say.
    @inlinable
    public var enqueuedTime: Timestamp { Timestamp(millisecondsSinceEpoch: delivery.integer(2) ?? 0) }

    /// The body's bytes, in place. An event of several data sections shows its first one here: see ``copiedBody``.
    @inlinable
    public var body: RawSpan {
        @_lifetime(borrow self)
        get { delivery.body }
    }

    /// The body's bytes, copied; several data sections are joined.
    public var copiedBody: [UInt8] {
        guard delivery.bodyKind == .multipleData, let message = try? decoded() else { return delivery.copiedBody }
        return message.joinedData ?? delivery.copiedBody
    }

    /// The body as text. Invalid UTF-8 is repaired.
    public var text: String { String(decoding: copiedBody, as: UTF8.self) }

    /// Bytes of the event as it was transferred: body, properties and annotations.
    @inlinable
    public var encodedSize: Int { delivery.payloadLength }

    /// The whole message, decoded now.
    /// - Throws: `DecodingError` when the sender's bytes are no message.
    public func decoded() throws(DecodingError) -> Message { try Message(decoding: delivery.payload) }

    /// The properties the sending application set, decoded now.
    public var properties: AMQPMap {
        get throws(DecodingError) { try decoded().applicationProperties ?? AMQPMap() }
    }

    /// What the broker and devices noted about the event, decoded now. Keys are symbols.
    public var systemProperties: AMQPMap {
        get throws(DecodingError) { try decoded().messageAnnotations ?? AMQPMap() }
    }

    /// The key the event was sent with, decoded now; nil when there was none.
    public var partitionKey: String? {
        get throws(DecodingError) {
            try decoded().messageAnnotations?[symbol: EventData.partitionKeyAnnotation]?.textValue
        }
    }

    /// A copy of the event that keeps only its own bytes alive.
    public func detached() -> ReceivedEventData { ReceivedEventData(delivery.detached()) }
}

extension ReceivedEventData: CustomStringConvertible {
    /// Number, offset and size; not the body.
    public var description: String {
        "ReceivedEventData(sequence number \(sequenceNumber), offset \(offset), \(encodedSize) bytes)"
    }
}
