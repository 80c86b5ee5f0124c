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

/// Where the parts of one received message lie in its slab, and the values of its projected annotations.
///
/// 64 bytes, plain data. Every range has been checked against the frame that held it, so that later reads need no check.
@frozen
public struct DeliveryDescriptor: BitwiseCopyable, Sendable {
    /// What the body of the message is made of.
    @frozen
    public enum BodyKind: UInt8, Sendable {
        /// No body section (an Event Hubs sender may do that).
        case none
        /// Exactly one `data` section: its content is the body range.
        case data
        /// Several `data` sections: the body range is the first one's content; decode the message for the rest.
        case multipleData
        /// An `amqp-value` section; the body range is the encoded value.
        case value
        /// One or more `amqp-sequence` sections; the body range is the first encoded list.
        case sequence
        /// The payload is no well-formed sequence of message sections: decode the message for the exact error.
        case malformed
    }

    /// Offset of the encoded message in the slab, and its length.
    @usableFromInline var payloadOffset: UInt32 = 0
    @usableFromInline var payloadLength: UInt32 = 0
    /// Offset of the body's content in the slab, and its length.
    @usableFromInline var bodyOffset: UInt32 = 0
    @usableFromInline var bodyLength: UInt32 = 0
    /// The session's number of this delivery.
    @usableFromInline var deliveryID: UInt32 = 0
    /// Offset of the delivery tag's content in the slab.
    @usableFromInline var tagOffset: UInt32 = 0
    @usableFromInline var messageFormat: UInt32 = 0
    @usableFromInline var tagLength: UInt8 = 0
    @usableFromInline var bodyKind: BodyKind = .none
    /// Bit `n` is set when slot `n` holds a value, bit `4 + n` when that value is the range of a string.
    @usableFromInline var slotFlags: UInt8 = 0
    @usableFromInline var isSettled: Bool = false
    /// The projected values: an integer's bits, or `offset << 32 | length` of a string in the slab.
    @usableFromInline var slot0: UInt64 = 0
    @usableFromInline var slot1: UInt64 = 0
    @usableFromInline var slot2: UInt64 = 0
    @usableFromInline var slot3: UInt64 = 0

    @inlinable init() {}

    /// Where ``slot0`` lies in a descriptor, with the others behind it.
    static var slotsOffset: Int { 32 }

    /// Makes the slots zero, whatever the flags say of them.
    @inline(__always)
    mutating func clearSlots() { (slot0, slot1, slot2, slot3) = (0, 0, 0, 0) }

    /// The bits of slot `index`, or nil when the message has no such annotation.
    @inlinable
    func slot(_ index: Int) -> UInt64? {
        guard index >= 0, index < 4, slotFlags & (1 << UInt8(truncatingIfNeeded: index)) != 0 else { return nil }
        switch index {
        case 0: return slot0
        case 1: return slot1
        case 2: return slot2
        default: return slot3
        }
    }

    /// The range in slot `index` if it holds a string.
    @inlinable
    func stringRange(_ index: Int) -> (offset: UInt32, length: UInt32)? {
        guard let bits = slot(index), slotFlags & (16 << UInt8(truncatingIfNeeded: index)) != 0 else { return nil }
        return (UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
    }

    /// Stores an integer in slot `index` (0 to 3).
    @inlinable
    mutating func setInteger(_ index: Int, _ value: Int64) {
        setBits(index, UInt64(bitPattern: value))
        slotFlags |= 1 << UInt8(truncatingIfNeeded: index)
    }

    /// Stores the range of a string in slot `index` (0 to 3).
    @inlinable
    mutating func setString(_ index: Int, offset: UInt32, length: UInt32) {
        setBits(index, UInt64(offset) << 32 | UInt64(length))
        slotFlags |= 17 << UInt8(truncatingIfNeeded: index)
    }

    @inlinable
    mutating func setBits(_ index: Int, _ bits: UInt64) {
        switch index {
        case 0: slot0 = bits
        case 1: slot1 = bits
        case 2: slot2 = bits
        default: slot3 = bits
        }
    }

    /// Moves every range `distance` bytes towards the start of the slab, for a copy that begins at the payload.
    mutating func move(downBy distance: UInt32) {
        payloadOffset &-= distance
        bodyOffset &-= distance
        for index in 0..<4 {
            guard let range = stringRange(index) else { continue }
            setString(index, offset: range.offset &- distance, length: range.length)
        }
    }
}
