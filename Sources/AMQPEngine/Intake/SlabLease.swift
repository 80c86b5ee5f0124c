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

/// One block of slab memory: `capacity` usable bytes, followed by ``padding`` bytes that may be loaded but mean nothing.
///
/// A plain value without ownership: exactly one of a ``SlabLease`` and a ``SlabPool`` holds it at a time and frees it.
@safe
struct SlabMemory: @unchecked Sendable {
    /// Loads of whole 32-byte blocks may run past the last byte by less than this.
    static let padding = 64

    let base: UnsafeMutableRawPointer
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity + Self.padding, alignment: 64)
        // The padding is loaded (and masked away) by the layout cache, so it has to be initialised.
        unsafe (base + capacity).initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding)
    }

    func deallocate() { unsafe base.deallocate() }
}

/// The right to use one slab: whoever holds the lease may read what has been published in it.
///
/// Sendable because bytes are written by one reader only, beyond everything that has been published, and what is
/// published is never written again. Never take a weak reference to a lease: it would slow down every retain of it.
@safe
public final class SlabLease: @unchecked Sendable {
    /// The first byte of the slab.
    @usableFromInline let base: UnsafeMutableRawPointer

    /// Usable bytes.
    public let capacity: Int

    private let memory: SlabMemory
    let pool: SlabPool?

    init(memory: SlabMemory, pool: SlabPool?) {
        self.memory = memory
        self.pool = pool
        unsafe base = memory.base
        capacity = memory.capacity
    }

    deinit {
        if let pool { pool.giveBack(memory) } else { memory.deallocate() }
    }
}
