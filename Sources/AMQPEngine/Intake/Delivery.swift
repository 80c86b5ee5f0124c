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

/// One received delivery: a view of the slab it was received into.
///
/// Keeping a delivery keeps the whole slab (256 KiB and up); ``detached()`` copies it out.
@frozen
public struct Delivery: Sendable {
    @usableFromInline let storage: DeliveryStorage
    @usableFromInline let index: UInt32

    /// `index` has been checked against the batch by the caller.
    @inlinable
    init(storage: DeliveryStorage, index: Int) {
        self.storage = storage
        self.index = UInt32(truncatingIfNeeded: index)
    }

    /// Where the parts lie. `index` is inside the batch, which is inside the storage.
    @inlinable var descriptor: DeliveryDescriptor { unsafe storage.descriptors[Int(index)] }

    /// The session's number of this delivery (`delivery-id`).
    @inlinable public var deliveryID: UInt32 { descriptor.deliveryID }

    /// Whether the sender settled the delivery when it sent it: nothing has to be answered.
    @inlinable public var isSettled: Bool { descriptor.isSettled }

    /// The transfer's `message-format`; 0 is an ordinary AMQP message.
    @inlinable public var messageFormat: UInt32 { descriptor.messageFormat }

    /// What the body is made of.
    @inlinable public var bodyKind: DeliveryDescriptor.BodyKind { descriptor.bodyKind }

    /// The delivery tag (copied).
    public var deliveryTag: [UInt8] {
        let descriptor = descriptor
        return unsafe [UInt8](bytes(at: descriptor.tagOffset, count: UInt32(descriptor.tagLength)))
    }

    /// Length of the encoded message in bytes.
    @inlinable public var payloadLength: Int { Int(descriptor.payloadLength) }

    /// The content of the first body section, in place; empty without a body.
    @inlinable
    public var body: RawSpan {
        @_lifetime(borrow self)
        get {
            let descriptor = descriptor
            // The scanner has checked that the range lies inside the frame; `self` keeps the slab alive.
            let span = unsafe RawSpan(_unsafeBytes: bytes(at: descriptor.bodyOffset, count: descriptor.bodyLength))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The encoded message, in place.
    @inlinable
    public var payload: RawSpan {
        @_lifetime(borrow self)
        get {
            let descriptor = descriptor
            // As for `body`.
            let span = unsafe RawSpan(
                _unsafeBytes: bytes(at: descriptor.payloadOffset, count: descriptor.payloadLength)
            )
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The content of the first body section, copied.
    public var copiedBody: [UInt8] {
        let descriptor = descriptor
        return unsafe [UInt8](bytes(at: descriptor.bodyOffset, count: descriptor.bodyLength))
    }

    /// The encoded message, copied.
    public var copiedPayload: [UInt8] {
        let descriptor = descriptor
        return unsafe [UInt8](bytes(at: descriptor.payloadOffset, count: descriptor.payloadLength))
    }

    /// The integer or timestamp in projection slot `slot`, or nil when the message has none.
    @inlinable
    public func integer(_ slot: Int) -> Int64? {
        descriptor.slot(slot).map { Int64(bitPattern: $0) }
    }

    /// The string in projection slot `slot`, or nil when the message has none. Invalid UTF-8 is repaired.
    public func string(_ slot: Int) -> String? {
        guard let range = descriptor.stringRange(slot) else { return nil }
        return unsafe String(decoding: bytes(at: range.offset, count: range.length), as: UTF8.self)
    }

    /// The message, decoded whole by the general decoder.
    /// - Returns: all sections of the message, copied.
    /// - Throws: a `DecodingError` with the byte offset in ``payload`` if the message is malformed.
    public func message() throws(DecodingError) -> Message { try Message(decoding: payload) }

    /// A copy that keeps only its own bytes alive.
    public func detached() -> Delivery {
        var descriptor = descriptor
        let length = Int(descriptor.payloadLength)
        let tag = deliveryTag
        let memory = SlabMemory(capacity: length + tag.count)
        let copy = unsafe UnsafeMutableRawBufferPointer(start: memory.base, count: memory.capacity)
        unsafe copy.copyMemory(from: bytes(at: descriptor.payloadOffset, count: descriptor.payloadLength))
        for (position, byte) in tag.enumerated() { unsafe copy[length + position] = byte }
        descriptor.move(downBy: descriptor.payloadOffset)
        descriptor.tagOffset = UInt32(truncatingIfNeeded: length)
        let storage = DeliveryStorage(lease: SlabLease(memory: memory, pool: nil), single: descriptor)
        return Delivery(storage: storage, index: 0)
    }

    /// The bytes of a range that a descriptor of this storage names. The scanner checked it against the frame.
    @inlinable
    func bytes(at offset: UInt32, count: UInt32) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: storage.base + Int(offset), count: Int(count))
    }
}
