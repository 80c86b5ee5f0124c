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

/// Where a whole frame lies in the slab of a ``FrameIntake``.
package struct FrameRange: Equatable, Sendable {
    /// Offset of the frame's first byte in the slab.
    package let offset: Int
    /// The frame's size including its header, as its header says.
    package let size: Int
}

/// The receiving end of a connection: bytes go into slab memory, whole frames come out in place.
///
/// A frame that lies whole in one slab is never copied. When a slab runs out of room, only the incomplete frame at its end
/// moves to the next one. What has been handed out stays valid as long as somebody holds the slab's lease.
package struct FrameIntake: ~Copyable {
    /// A read is offered at least this much room.
    package static let minimumReadSize = 64 * 1024

    /// Largest frame the peer may send (what this side announced); grows from 512 to the negotiated size.
    package var maximumFrameSize: Int

    let pool: SlabPool
    var lease: SlabLease?
    /// First byte that has not been consumed, and first byte that has not been written.
    var readOffset = 0
    var writeOffset = 0

    package init(pool: SlabPool, maximumFrameSize: Int) {
        self.pool = pool
        self.maximumFrameSize = maximumFrameSize
    }

    /// The lease on the slab in which the frames of this read lie.
    package var currentLease: SlabLease? { lease }

    /// The first byte of the slab.
    var base: UnsafeRawPointer? { unsafe lease.map { unsafe UnsafeRawPointer($0.base) } }

    /// Bytes received and not consumed.
    package var unconsumedCount: Int { writeOffset - readOffset }

    /// Whether the next read needs a slab that the pool's budget has no room for: pause reading until it has.
    package var needsSlabFromExhaustedPool: Bool { !hasRoomForRead && pool.isExhausted }

    private var hasRoomForRead: Bool {
        guard let lease else { return false }
        return lease.capacity - writeOffset >= min(Self.minimumReadSize, lease.capacity / 4)
            && readOffset + nextFrameSize <= lease.capacity
    }

    /// The size in the header of the frame that has begun, within what is legal; 0 when it is not known yet.
    private var nextFrameSize: Int {
        guard let base = unsafe base, unconsumedCount >= 4 else { return 0 }
        return unsafe min(Int(RawValue.bits32(base, readOffset)), maximumFrameSize)
    }

    /// Where the next read may write. Valid until the next call on this value.
    package mutating func receiveSpace() -> UnsafeMutableRawBufferPointer {
        if readOffset == writeOffset, isKnownUniquelyReferenced(&lease) {
            // Nobody refers to the slab and it holds nothing: start again at its warm beginning.
            (readOffset, writeOffset) = (0, 0)
        }
        if !hasRoomForRead { moveToNewSlab() }
        guard let lease else { return unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeMutableRawBufferPointer(
            start: lease.base + writeOffset,
            count: lease.capacity - writeOffset
        )
    }

    private mutating func moveToNewSlab() {
        let pending = unconsumedCount
        let next = pool.takeSlab(minimumSize: max(nextFrameSize, pending + 1))
        if let lease, pending > 0 {
            unsafe next.base.copyMemory(from: lease.base + readOffset, byteCount: pending)
        }
        lease = next
        (readOffset, writeOffset) = (0, pending)
    }

    /// Notes that `count` bytes have been written to the space that ``receiveSpace()`` gave.
    package mutating func received(_ count: Int) {
        precondition(count >= 0 && count <= (lease?.capacity ?? 0) - writeOffset, "more bytes than the space given")
        writeOffset += count
    }

    /// Gives the slab back if nothing of it is in use, so that an idle connection holds no memory.
    package mutating func releaseIfIdle() {
        guard readOffset == writeOffset else { return }
        lease = nil
        (readOffset, writeOffset) = (0, 0)
    }

    /// What stands at the front of the received bytes.
    package enum Next: Equatable {
        /// A whole frame.
        case frame(FrameRange)
        /// The beginning of a frame, or nothing.
        case incomplete
        /// A frame size below 8 or above ``maximumFrameSize``.
        case invalidSize(UInt32)
    }

    /// Looks at the front of the received bytes; consumes nothing.
    package func next() -> Next {
        guard let base = unsafe base, unconsumedCount >= 4 else { return .incomplete }
        let size = unsafe RawValue.bits32(base, readOffset)
        guard size >= 8, Int(size) <= maximumFrameSize else { return .invalidSize(size) }
        guard Int(size) <= unconsumedCount else { return .incomplete }
        return .frame(FrameRange(offset: readOffset, size: Int(size)))
    }

    /// Consumes `count` bytes (a frame, a protocol header).
    package mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= unconsumedCount, "more bytes than received")
        readOffset += count
    }

    /// The first `count` bytes that have not been consumed, or nil when fewer are there.
    package func peek(_ count: Int) -> [UInt8]? {
        guard let base = unsafe base, count <= unconsumedCount else { return nil }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: base + readOffset, count: count))
    }

    /// The bytes of a frame, in place. `range` comes from ``next()`` on the current slab.
    @_lifetime(borrow self)
    package func bytes(of range: FrameRange) -> RawSpan {
        guard let base = unsafe base, range.offset + range.size <= writeOffset else { return RawSpan() }
        let span = unsafe RawSpan(
            _unsafeBytes: UnsafeRawBufferPointer(start: base + range.offset, count: range.size)
        )
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
