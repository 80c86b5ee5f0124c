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

/// What a batch refers to: one slab, and the descriptors of the deliveries found in it.
///
/// Immutable from the moment it is made; it owns the descriptors and shares the slab.
@safe
public final class DeliveryStorage: @unchecked Sendable {
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let descriptors: UnsafePointer<DeliveryDescriptor>
    @usableFromInline let count: Int
    /// Bytes of all encoded messages.
    let byteCount: Int
    private let lease: SlabLease
    private let memory: DescriptorMemory

    /// Takes over `memory`, of which the first `count` are initialised and refer to the slab of `lease`.
    init(lease: SlabLease, adopting memory: DescriptorMemory, count: Int, byteCount: Int) {
        self.lease = lease
        self.count = count
        self.byteCount = byteCount
        self.memory = memory
        unsafe descriptors = UnsafePointer(memory.base)
        unsafe base = UnsafeRawPointer(lease.base)
    }

    /// The storage of one delivery.
    convenience init(lease: SlabLease, single descriptor: DeliveryDescriptor) {
        let memory = lease.pool?.descriptors.take(capacity: 1) ?? DescriptorMemory(capacity: 1)
        unsafe memory.base.initialize(to: descriptor)
        self.init(lease: lease, adopting: memory, count: 1, byteCount: Int(descriptor.payloadLength))
    }

    deinit {
        if let pool = lease.pool { pool.descriptors.giveBack(memory) } else { memory.deallocate() }
    }
}

/// The deliveries that one read of the socket brought for one link, in order.
///
/// A batch is one reference to the memory it was received into plus a position: cheap to keep whole and to pass on. It is a
/// `RandomAccessCollection` of ``Delivery``; iterating allocates nothing. As long as a batch, a slice of it or one of
/// its elements lives, so does the whole slab: copy out with ``Delivery/detached()`` what is to be kept for long.
@frozen
public struct DeliveryBatch: RandomAccessCollection, Sendable {
    @usableFromInline let storage: DeliveryStorage

    /// The position of the first delivery.
    public let startIndex: Int

    /// The position after the last delivery.
    public let endIndex: Int

    @inlinable
    init(storage: DeliveryStorage, startIndex: Int, endIndex: Int) {
        self.storage = storage
        self.startIndex = startIndex
        self.endIndex = endIndex
    }

    /// A batch of all deliveries in `storage`.
    init(_ storage: DeliveryStorage) { self.init(storage: storage, startIndex: 0, endIndex: storage.count) }

    /// The delivery at `position`, which has to be a valid index.
    @inlinable
    public subscript(position: Int) -> Delivery {
        precondition(position >= startIndex && position < endIndex, "batch index out of range")
        return Delivery(storage: storage, index: position)
    }

    /// The batch of the deliveries in `bounds`; it shares this batch's memory.
    @inlinable
    public subscript(bounds: Range<Int>) -> DeliveryBatch {
        precondition(bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex, "batch range out of range")
        return DeliveryBatch(storage: storage, startIndex: bounds.lowerBound, endIndex: bounds.upperBound)
    }

    /// Bytes of all encoded messages in this batch; walks the batch if it is a slice.
    public var byteCount: Int {
        if startIndex == 0, endIndex == storage.count { return storage.byteCount }
        var sum = 0
        for index in startIndex..<endIndex { unsafe sum += Int(storage.descriptors[index].payloadLength) }
        return sum
    }
}
