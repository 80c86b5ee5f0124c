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

internal import Synchronization

/// Memory for the descriptors of one batch.
///
/// A plain value without ownership: exactly one of a ``TransferIntake``, a ``DeliveryStorage`` and a ``DescriptorPool`` holds it
/// at a time and frees it. It is written by the first of them only, which makes it sendable.
@safe
struct DescriptorMemory: @unchecked Sendable {
    let base: UnsafeMutablePointer<DeliveryDescriptor>
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        let size = capacity * MemoryLayout<DeliveryDescriptor>.stride
        // A descriptor is as large as a cache line.
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        unsafe base = bytes.bindMemory(to: DeliveryDescriptor.self, capacity: capacity)
    }

    func deallocate() { unsafe base.deallocate() }
}

/// Keeps the memory of descriptors for reuse.
///
/// Batches are made on one thread and let go of on another, thousands a second: the allocator gives pages of that size back to the
/// system, and gets them again, filled with zeros.
final class DescriptorPool: Sendable {
    /// Sizes are powers of two from here on.
    private static let smallestCapacity = 16
    private static let sizeCount = 9

    /// Bytes that are kept at most.
    private let byteLimit: Int
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var free = [[DescriptorMemory]](repeating: [], count: DescriptorPool.sizeCount)
        var retainedBytes = 0
    }

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    deinit {
        state.withLock { state in
            for memory in state.free.joined() { memory.deallocate() }
            state.free = []
        }
    }

    /// Bytes kept now.
    var retainedBytes: Int { state.withLock { $0.retainedBytes } }

    /// Memory for at least `capacity` descriptors, what was used last first: it is in the processor's cache.
    func take(capacity: Int) -> DescriptorMemory {
        guard let size = Self.size(for: capacity) else { return DescriptorMemory(capacity: capacity) }
        let reused = state.withLock { state -> DescriptorMemory? in
            guard let memory = state.free[size].popLast() else { return nil }
            state.retainedBytes -= Self.byteCount(memory)
            return memory
        }
        return reused ?? DescriptorMemory(capacity: Self.smallestCapacity << size)
    }

    /// Takes memory back when its batch is not used any more.
    func giveBack(_ memory: DescriptorMemory) {
        let isKept = state.withLock { state in
            guard let size = Self.size(for: memory.capacity), memory.capacity == Self.smallestCapacity << size,
                state.retainedBytes + Self.byteCount(memory) <= byteLimit
            else { return false }
            state.free[size].append(memory)
            state.retainedBytes += Self.byteCount(memory)
            return true
        }
        if !isKept { memory.deallocate() }
    }

    /// The smallest size that holds so many; nil when none does.
    private static func size(for capacity: Int) -> Int? {
        let size = Int.bitWidth - max(0, (capacity - 1) / smallestCapacity).leadingZeroBitCount
        return size < sizeCount ? size : nil
    }

    private static func byteCount(_ memory: DescriptorMemory) -> Int {
        memory.capacity * MemoryLayout<DeliveryDescriptor>.stride
    }
}
