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

/// Lends out slabs, the large blocks of memory into which sockets read, and takes them back.
///
/// A slab goes out as a ``SlabLease`` and comes back when the last batch, event or reader that refers to it is gone. Slabs of
/// the standard size are kept for reuse, last in first out, so that a steady stream runs in the same few cache-warm blocks.
///
/// The pool is the memory budget of everything that reads through it: ``isExhausted`` tells a reader to stop taking
/// further slabs until one comes back, which pushes back on the sender through TCP.
package final class SlabPool: Sendable {
    /// Bytes in a slab of the standard size.
    package let slabSize: Int

    /// Bytes that may be out on lease before readers pause.
    package let byteLimit: Int

    /// The memory that describes what lies in the slabs.
    let descriptors: DescriptorPool

    private let maximumRetained: Int
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var free: [SlabMemory] = []
        var leasedBytes = 0
        var waiting: [@Sendable () -> Void] = []
    }

    /// The pool that clients share unless they are given another: 256 KiB slabs, at most 256 MiB on lease.
    package static let shared = SlabPool()

    /// Creates a pool.
    /// - Parameters:
    ///   - slabSize: bytes in a standard slab.
    ///   - maximumRetained: how many unused slabs are kept for reuse, and as many bytes of descriptors.
    ///   - byteLimit: bytes on lease from which on ``isExhausted`` is true.
    package init(slabSize: Int = 256 * 1024, maximumRetained: Int = 32, byteLimit: Int = 256 * 1024 * 1024) {
        precondition(slabSize >= 1024 && slabSize <= Int(UInt32.max) && maximumRetained >= 0)
        self.slabSize = slabSize
        self.maximumRetained = maximumRetained
        self.byteLimit = byteLimit
        descriptors = DescriptorPool(byteLimit: maximumRetained * slabSize)
    }

    deinit {
        state.withLock { state in
            for memory in state.free { memory.deallocate() }
            state.free = []
        }
    }

    /// Bytes out on lease now.
    package var leasedBytes: Int { state.withLock { $0.leasedBytes } }

    /// Whether the budget is used up: a reader that needs a new slab should wait for ``whenAvailable(_:)``.
    package var isExhausted: Bool { state.withLock { $0.leasedBytes >= byteLimit } }

    /// Calls `resume` once, on any thread, as soon as the pool is no longer exhausted (at once if it is not).
    package func whenAvailable(_ resume: @escaping @Sendable () -> Void) {
        let availableNow = state.withLock { state in
            guard state.leasedBytes >= byteLimit else { return true }
            state.waiting.append(resume)
            return false
        }
        if availableNow { resume() }
    }

    /// Lends a slab of at least `minimumSize` bytes; never fails, so that a frame already begun can be finished.
    package func takeSlab(minimumSize: Int = 0) -> SlabLease {
        let size = max(minimumSize, slabSize)
        let reused = state.withLock { state -> SlabMemory? in
            state.leasedBytes += size
            return size == slabSize ? state.free.popLast() : nil
        }
        return SlabLease(memory: reused ?? SlabMemory(capacity: size), pool: self)
    }

    /// Counts memory that a lease owns but that this pool did not allocate (assembled deliveries).
    func adopt(_ memory: SlabMemory) -> SlabLease {
        state.withLock { $0.leasedBytes += memory.capacity }
        return SlabLease(memory: memory, pool: self)
    }

    /// Takes back the memory of a lease that has ended.
    func giveBack(_ memory: SlabMemory) {
        let (discarded, resumed) = state.withLock { state -> (Bool, [@Sendable () -> Void]) in
            state.leasedBytes -= memory.capacity
            let keep = memory.capacity == slabSize && state.free.count < maximumRetained
            if keep { state.free.append(memory) }
            guard state.leasedBytes < byteLimit, !state.waiting.isEmpty else { return (!keep, []) }
            defer { state.waiting = [] }
            return (!keep, state.waiting)
        }
        if discarded { memory.deallocate() }
        for resume in resumed { resume() }
    }
}
