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

/// What one receiver link keeps of its own about incoming transfers: the layouts it has seen and the deliveries of this read.
///
/// A reference to plain memory, confined to the thread that runs the engine: stored properties of a class would be
/// checked for exclusive access on every event.
@safe
package final class TransferIntake {
    @safe
    struct State: ~Copyable {
        /// ``templateCount`` layouts.
        let templates: UnsafeMutablePointer<LayoutTemplate>
        /// The template that matched last.
        var recent = 0
        /// Where the next layout is learned.
        var nextLearned = 0
        /// Frames since the last hit: the longer, the rarer is another attempt to learn.
        var misses = 0
        var descriptors: DescriptorMemory?
        var count = 0
        /// Bytes of the pending messages.
        var byteCount = 0

        init() {
            unsafe templates = .allocate(capacity: TransferIntake.templateCount)
            for index in 0..<TransferIntake.templateCount {
                unsafe (templates + index).initialize(to: LayoutTemplate())
            }
        }
    }

    /// Layouts that a link remembers: delivery-ids and offsets change their width now and then, and senders alternate.
    static let templateCount = 4

    let state: UnsafeMutablePointer<State>
    let projection: AnnotationProjection

    /// Whole transfers that a known layout took, and those that went the general way: for measurement.
    package private(set) var layoutHits = 0
    package private(set) var layoutMisses = 0

    package init(projection: AnnotationProjection) {
        self.projection = projection
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
    }

    deinit {
        for index in 0..<Self.templateCount { unsafe state.pointee.templates[index].deallocate() }
        unsafe state.pointee.templates.deallocate()
        unsafe state.pointee.descriptors?.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Whether deliveries wait for ``takeBatch(lease:)``.
    package var hasPending: Bool { unsafe state.pointee.count > 0 }

    /// Makes room for at least one descriptor behind the pending ones and `taken` more, for `expected` if it has to grow.
    ///
    /// Returns where it is and how many fit. Those of a run that are not yet counted as pending stay in place.
    @inline(never)
    func reserve(
        behind taken: Int,
        expecting expected: Int,
        from pool: DescriptorPool
    ) -> (UnsafeMutablePointer<DeliveryDescriptor>, room: Int) {
        let place = unsafe state.pointee.count + taken
        let old = unsafe state.pointee.descriptors
        if let old, place < old.capacity { return unsafe (old.base + place, room: old.capacity - place) }
        let larger = pool.take(capacity: max(place + expected, 2 * (old?.capacity ?? 0)))
        if let old {
            // Everything up to `place` has been filled.
            unsafe larger.base.moveInitialize(from: old.base, count: place)
            pool.giveBack(old)
        }
        unsafe state.pointee.descriptors = larger
        return unsafe (larger.base + place, room: larger.capacity - place)
    }

    /// Appends a delivery that came in one frame and was decoded the general way, and learns its layout.
    ///
    /// The frame lies in the slab of `intake`; its message starts `payloadOffset` bytes after the frame's start, and
    /// `deliveryTag` is the range of the tag's content, from there as well. The rest is what the transfer performative says.
    package func append(
        _ frame: FrameRange,
        in intake: borrowing FrameIntake,
        payloadOffset: Int,
        deliveryID: UInt32,
        messageFormat: UInt32,
        settled: Bool,
        deliveryTag: Range<Int>
    ) {
        guard let base = unsafe intake.base else { return }
        let payloadStart = frame.offset + payloadOffset
        var descriptor = DeliveryDescriptor()
        descriptor.payloadOffset = UInt32(truncatingIfNeeded: payloadStart)
        descriptor.payloadLength = UInt32(truncatingIfNeeded: frame.size - payloadOffset)
        descriptor.deliveryID = deliveryID
        descriptor.messageFormat = messageFormat
        descriptor.isSettled = settled
        descriptor.tagOffset = UInt32(truncatingIfNeeded: frame.offset + deliveryTag.lowerBound)
        descriptor.tagLength = UInt8(truncatingIfNeeded: deliveryTag.count)
        var scanner = unsafe MessageScanner(base: base, end: frame.offset + frame.size)
        unsafe scanner.scan(from: payloadStart, projection: projection, into: &descriptor)
        unsafe reserve(behind: 0, expecting: 1, from: intake.pool.descriptors).0.initialize(to: descriptor)
        unsafe state.pointee.count += 1
        unsafe state.pointee.byteCount += frame.size - payloadOffset
        layoutMisses += 1
        unsafe state.pointee.misses += 1
        guard unsafe shouldLearn(afterMisses: state.pointee.misses) else { return }
        unsafe state.pointee.templates[state.pointee.nextLearned].learn(
            base: base,
            start: frame.offset,
            size: frame.size,
            payloadStart: payloadStart,
            scanner: scanner,
            projection: projection,
            descriptor: descriptor
        )
        unsafe state.pointee.nextLearned = (state.pointee.nextLearned + 1) % Self.templateCount
    }

    /// Traffic in which no two frames are alike should not pay for learning each of them.
    private func shouldLearn(afterMisses misses: Int) -> Bool { misses <= 16 || misses % 64 == 0 }

    /// Notes `count` frames of `size` bytes together, taken by the template at `index`, whose descriptors stand behind the
    /// pending ones.
    func matched(_ count: Int, size: Int, template index: Int) {
        layoutHits += count
        unsafe state.pointee.count += count
        unsafe state.pointee.byteCount += size - count * state.pointee.templates[index].payloadOffset
        unsafe state.pointee.misses = 0
        unsafe state.pointee.recent = index
    }

    /// The deliveries since the last call as one batch, or nil when there are none. They lie in the slab of `lease`.
    package func takeBatch(lease: SlabLease) -> DeliveryBatch? {
        guard unsafe state.pointee.count > 0, let descriptors = unsafe state.pointee.descriptors else { return nil }
        let count = unsafe state.pointee.count
        let storage = unsafe DeliveryStorage(
            lease: lease,
            adopting: descriptors,
            count: count,
            byteCount: state.pointee.byteCount
        )
        unsafe state.pointee.descriptors = nil
        unsafe state.pointee.count = 0
        unsafe state.pointee.byteCount = 0
        return DeliveryBatch(storage)
    }

    /// Forgets deliveries not yet taken (the link ends by an error).
    package func discardPending() {
        unsafe state.pointee.count = 0
        unsafe state.pointee.byteCount = 0
    }
}
