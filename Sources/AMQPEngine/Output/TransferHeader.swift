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

/// Encodes the frame header and the performative of a transfer, field by field, without the general encoder.
///
/// Senders write millions of these: eleven fields in full width (as the service does, and the official Python client needs),
/// in compact encodings. Unsafe because it writes through a raw pointer: each `make` writes at most ``maximumSize`` bytes, which
/// its caller has reserved.
struct TransferHeader {
    /// Frame header 8, descriptor 3, list header 3, handle 5, id 5, tag 2 + 32, format 5, seven single bytes.
    static let maximumSize = 8 + 3 + 3 + 5 + 5 + 34 + 5 + 7

    /// The longest delivery tag (AMQP 1.0, part 2, section 2.8.7).
    static let maximumTagSize = 32

    var channel: UInt16
    var handle: UInt32
    /// The id, tag and format of the first frame; nil in a continuation.
    var first: First?
    var isSettled: Bool
    var more: Bool
    var isAborted = false

    /// What only the first frame of a delivery carries.
    struct First {
        var deliveryID: UInt32
        /// The caller's tag, or nil for the four bytes of `counter`.
        var tag: [UInt8]?
        var counter: UInt32
        var messageFormat: UInt32
    }

    /// Bytes that the header takes.
    var size: Int {
        guard let first else { return 8 + 3 + 3 + Self.width(handle) + 10 }
        return 8 + 3 + 3 + Self.width(handle) + Self.width(first.deliveryID) + 2 + (first.tag?.count ?? 4)
            + Self.width(first.messageFormat) + 7
    }

    /// Writes the header of a frame with `payloadCount` bytes after it to `base`; returns its size.
    @inline(__always)
    func write(to base: UnsafeMutableRawPointer, payloadCount: Int) -> Int {
        let size = size
        unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: size + payloadCount).bigEndian, as: UInt32.self)
        unsafe base.storeBytes(of: UInt16(0x0200).bigEndian, toByteOffset: 4, as: UInt16.self)
        unsafe base.storeBytes(of: channel.bigEndian, toByteOffset: 6, as: UInt16.self)
        unsafe base.storeBytes(of: UInt32(0x0053_14c0).bigEndian, toByteOffset: 8, as: UInt32.self)
        unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: size - 13), toByteOffset: 12, as: UInt8.self)
        unsafe base.storeBytes(of: 11, toByteOffset: 13, as: UInt8.self)
        var offset = 14
        unsafe Self.store(handle, to: base, at: &offset)
        if let first {
            unsafe Self.store(first.deliveryID, to: base, at: &offset)
            unsafe Self.store(first, to: base, at: &offset)
            unsafe Self.store(first.messageFormat, to: base, at: &offset)
        } else {
            unsafe base.storeBytes(of: UInt16(0x4040), toByteOffset: offset, as: UInt16.self)
            unsafe base.storeBytes(of: 0x40, toByteOffset: offset + 2, as: UInt8.self)
            offset += 3
        }
        unsafe base.storeBytes(of: isSettled ? 0x41 : 0x42, toByteOffset: offset, as: UInt8.self)
        unsafe base.storeBytes(of: more ? 0x41 : 0x42, toByteOffset: offset + 1, as: UInt8.self)
        // rcv-settle-mode, state, resume: null.
        unsafe base.storeBytes(of: UInt16(0x4040), toByteOffset: offset + 2, as: UInt16.self)
        unsafe base.storeBytes(of: 0x40, toByteOffset: offset + 4, as: UInt8.self)
        unsafe base.storeBytes(of: isAborted ? 0x41 : 0x42, toByteOffset: offset + 5, as: UInt8.self)
        unsafe base.storeBytes(of: 0x40, toByteOffset: offset + 6, as: UInt8.self)
        return size
    }

    private static func width(_ value: UInt32) -> Int { value == 0 ? 1 : value < 256 ? 2 : 5 }

    @inline(__always)
    private static func store(_ value: UInt32, to base: UnsafeMutableRawPointer, at offset: inout Int) {
        if value == 0 {
            unsafe base.storeBytes(of: 0x43, toByteOffset: offset, as: UInt8.self)
            offset += 1
        } else if value < 256 {
            unsafe base.storeBytes(of: 0x52, toByteOffset: offset, as: UInt8.self)
            unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: offset + 1, as: UInt8.self)
            offset += 2
        } else {
            unsafe base.storeBytes(of: 0x70, toByteOffset: offset, as: UInt8.self)
            unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset + 1, as: UInt32.self)
            offset += 5
        }
    }

    @inline(__always)
    private static func store(_ first: First, to base: UnsafeMutableRawPointer, at offset: inout Int) {
        unsafe base.storeBytes(of: 0xa0, toByteOffset: offset, as: UInt8.self)
        if let tag = first.tag {
            unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: tag.count), toByteOffset: offset + 1, as: UInt8.self)
            for (index, byte) in tag.enumerated() {
                unsafe base.storeBytes(of: byte, toByteOffset: offset + 2 + index, as: UInt8.self)
            }
            offset += 2 + tag.count
        } else {
            unsafe base.storeBytes(of: 4, toByteOffset: offset + 1, as: UInt8.self)
            unsafe base.storeBytes(of: first.counter.bigEndian, toByteOffset: offset + 2, as: UInt32.self)
            offset += 6
        }
    }
}
