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

/// The layout of one kind of transfer frame: which bytes are the same in every such frame, and where the others lie.
///
/// Learned from a frame that took the general way. A later frame that agrees with it in every constant byte has the same fields at the
/// same offsets, so that all there is to do is load them. Channel, handle, `settled`, `more` and every constructor are among
/// the constant bytes; frame size, delivery-id, delivery tag, annotation values and the size of the annotations are not.
@unsafe
struct LayoutTemplate {
    /// Longest prefix of a frame that is compared, in bytes. Covers transfer, runtime metrics and annotations of an event.
    static let maximumLength = 384

    /// One projected annotation: where its value's content lies in the frame.
    struct Slot {
        var offset = 0
        var isString = false
        /// An integer is what remains of the eight bytes at `offset` when they are shifted right by so many bits.
        var shift: Int64 = 0
        /// A string's length.
        var length: UInt64 = 0
    }

    /// Bytes compared at a time.
    static let blockSize = 32

    /// `maximumLength` bytes of the frame, zero where they may differ, then as many of mask (0xff where they may not).
    let bytes: UnsafeMutableRawPointer
    /// Bytes compared, a multiple of `blockSize`; and bytes of the frame that the layout needs at least.
    var comparedLength = 0
    var minimumLength = 0
    /// Where the delivery-id's content lies: it is what remains of the eight bytes there when they are shifted right.
    var deliveryIDOffset = 0
    var deliveryIDShift: UInt64 = 0
    /// Where the annotations' size byte(s) lie, 0 without annotations; `isWideMap` when they are four.
    var mapSizeOffset = 0
    var isWideMap = false
    /// Items (keys and values) that the annotations have to hold at least, and bytes.
    var minimumMapCount = 0
    var minimumMapSize = 0
    /// Where the sections after the compared part start when there are no annotations to step over.
    var tailOffset = 0
    /// The code of the last section stepped over.
    var lastSection: UInt8 = 0
    /// Where the message starts.
    var payloadOffset = 0
    /// What every delivery of this layout has in common.
    var common = DeliveryDescriptor()
    /// The projected annotations; `slotCount` of them, all that the link asks for.
    let slots: UnsafeMutablePointer<Slot>
    var slotCount = 0
    /// The delivery tag's content in the frame.
    var tagOffset = 0
    /// Whether this template may be matched.
    var isLearned = false

    init() {
        unsafe bytes = .allocate(byteCount: 2 * Self.maximumLength, alignment: 64)
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * Self.maximumLength)
        unsafe slots = .allocate(capacity: AnnotationProjection.maximumFieldCount)
        unsafe slots.initialize(repeating: Slot(), count: AnnotationProjection.maximumFieldCount)
    }

    func deallocate() {
        unsafe bytes.deallocate()
        unsafe slots.deallocate()
    }

    /// Whether the frame at `frame` has this layout as far as it is constant.
    ///
    /// The caller has checked that `minimumLength` bytes are there; the loads may run up to 31 bytes past them, which
    /// is inside the slab's padding, and what lies there is masked.
    @inline(__always)
    func matches(_ frame: UnsafeRawPointer) -> Bool {
        var difference = SIMD4<UInt64>(repeating: 0)
        var offset = 0
        repeat {
            let actual = unsafe frame.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            let expected = unsafe bytes.load(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            let mask = unsafe bytes.load(fromByteOffset: Self.maximumLength &+ offset, as: SIMD4<UInt64>.self)
            difference |= (actual & mask) ^ expected
            unsafe offset &+= Self.blockSize
        } while unsafe offset < comparedLength
        return difference == SIMD4(repeating: 0)
    }

    /// The delivery-id of the frame at `frame`, which matches. The load stays inside the slab's padding.
    @inline(__always)
    func deliveryID(in frame: UnsafeRawPointer) -> UInt32 {
        unsafe UInt32(truncatingIfNeeded: RawValue.bits64(frame, deliveryIDOffset) &>> deliveryIDShift)
    }

    /// Describes a frame that matches in `destination`; false when its variable part is malformed.
    ///
    /// The frame starts at `start` in the slab `base`, to which all offsets in the descriptor are relative; `size` bytes of
    /// it are there, at least `minimumLength`. The delivery-id is left to the caller. All sums are below the slab's size,
    /// which fits 32 bits, plus another 32-bit number: they cannot overflow.
    @inline(__always)
    func load(
        base: UnsafeRawPointer,
        start: Int,
        size: Int,
        into destination: UnsafeMutablePointer<DeliveryDescriptor>
    ) -> Bool {
        let end = start &+ size
        var tail = unsafe start &+ tailOffset
        if unsafe mapSizeOffset > 0 {
            let sizeAt = unsafe start &+ mapSizeOffset
            let mapSize: Int
            let count: Int
            if unsafe isWideMap {
                unsafe mapSize = Int(RawValue.bits32(base, sizeAt))
                unsafe count = Int(RawValue.bits32(base, sizeAt &+ 4))
                tail = sizeAt &+ 4
            } else {
                unsafe mapSize = Int(RawValue.byte(base, sizeAt))
                unsafe count = Int(RawValue.byte(base, sizeAt &+ 1))
                tail = sizeAt &+ 1
            }
            // The map reaches at least as far as the values that are loaded below, and no further than the frame.
            guard mapSize <= end &- tail, unsafe count >= minimumMapCount, unsafe mapSize >= minimumMapSize else {
                return false
            }
            tail &+= mapSize
        }
        unsafe destination.pointee.messageFormat = common.messageFormat
        unsafe destination.pointee.tagLength = common.tagLength
        unsafe destination.pointee.bodyKind = common.bodyKind
        unsafe destination.pointee.slotFlags = common.slotFlags
        unsafe destination.pointee.isSettled = common.isSettled
        unsafe destination.pointee.bodyOffset = 0
        unsafe destination.pointee.bodyLength = 0
        unsafe destination.pointee.tagOffset = UInt32(truncatingIfNeeded: start &+ tagOffset)
        unsafe destination.pointee.payloadOffset = UInt32(truncatingIfNeeded: start &+ payloadOffset)
        unsafe destination.pointee.payloadLength = UInt32(truncatingIfNeeded: size &- payloadOffset)
        unsafe loadSlots(base: base, start: start, into: destination)
        return unsafe Self.loadDataSection(base: base, from: tail, end: end, into: destination)
            || scanTail(base: base, from: tail, end: end, into: destination)
    }

    /// Any other tail, by the scanner.
    @inline(never)
    private func scanTail(
        base: UnsafeRawPointer,
        from tail: Int,
        end: Int,
        into destination: UnsafeMutablePointer<DeliveryDescriptor>
    ) -> Bool {
        unsafe MessageScanner(base: base, end: end)
            .scanTail(from: tail, previous: lastSection, into: &destination.pointee)
    }

    /// The tail that almost every event has: no or empty properties, then one data section that ends the message.
    ///
    /// Says the same as the scanner would, or false and nothing. The loads stay inside the slab's padding.
    @inline(__always)
    private static func loadDataSection(
        base: UnsafeRawPointer,
        from tail: Int,
        end: Int,
        into destination: UnsafeMutablePointer<DeliveryDescriptor>
    ) -> Bool {
        let section = unsafe tail &+ (RawValue.bits32(base, tail) == 0x0053_7345 ? 4 : 0)
        let length: Int
        let content: Int
        switch unsafe RawValue.bits32(base, section) {
        case 0x0053_75a0: unsafe (content, length) = (section &+ 5, Int(RawValue.byte(base, section &+ 4)))
        case 0x0053_75b0: unsafe (content, length) = (section &+ 8, Int(RawValue.bits32(base, section &+ 4)))
        default: return false
        }
        guard content &+ length == end else { return false }
        unsafe destination.pointee.bodyOffset = UInt32(truncatingIfNeeded: content)
        unsafe destination.pointee.bodyLength = UInt32(truncatingIfNeeded: length)
        unsafe destination.pointee.bodyKind = .data
        return true
    }

    @inline(__always)
    private func loadSlots(
        base: UnsafeRawPointer,
        start: Int,
        into destination: UnsafeMutablePointer<DeliveryDescriptor>
    ) {
        unsafe destination.pointee.clearSlots()
        // The slots end the descriptor, one behind the other.
        let values = unsafe UnsafeMutableRawPointer(destination) + DeliveryDescriptor.slotsOffset
        var index = 0
        while unsafe index < slotCount {
            let offset = unsafe start &+ slots[index].offset
            let value: UInt64
            if unsafe slots[index].isString {
                value = unsafe UInt64(truncatingIfNeeded: offset) << 32 | slots[index].length
            } else {
                let bits = unsafe Int64(bitPattern: RawValue.bits64(base, offset))
                unsafe value = UInt64(bitPattern: bits &>> slots[index].shift)
            }
            unsafe values.storeBytes(of: value, toByteOffset: index &* MemoryLayout<UInt64>.size, as: UInt64.self)
            index &+= 1
        }
    }
}
