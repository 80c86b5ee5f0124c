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

/// The buffers of partitions whose id is a small number, as the service's are, by that number: found without a hash and
/// without a lock. Buffers come and stay.
///
/// Sendable because all that changes are atomics, each of them once, from nil to a buffer that is held on to.
struct NumberedBuffers: ~Copyable, @unchecked Sendable {
    /// The most partitions that an event hub of the dedicated tier has.
    fileprivate static let capacity = 1024

    /// Pointers to buffers that are held on to: atomic, and loaded in place, as an `AtomicLazyReference` is not.
    private let slots: UnsafeMutablePointer<Atomic<UnsafeRawPointer?>>

    init() {
        slots = .allocate(capacity: Self.capacity)
        for number in 0..<Self.capacity { (slots + number).initialize(to: Atomic(nil)) }
    }

    deinit {
        for number in 0..<Self.capacity {
            guard let pointer = slots[number].load(ordering: .acquiring) else { continue }
            Unmanaged<PartitionBuffer>.fromOpaque(pointer).release()
        }
        slots.deinitialize(count: Self.capacity)
        slots.deallocate()
    }

    /// The buffer of a partition; nil when there is none yet, or its id is no small number.
    subscript(id: PartitionID) -> PartitionBuffer? {
        guard let number = id.smallNumber, let pointer = slots[number].load(ordering: .acquiring) else { return nil }
        return Unmanaged<PartitionBuffer>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Makes the buffer of a partition known, once.
    func insert(_ buffer: PartitionBuffer) {
        guard let number = buffer.id.smallNumber else { return }
        slots[number].store(Unmanaged.passRetained(buffer).toOpaque(), ordering: .releasing)
    }
}

extension PartitionID {
    /// The number that the id is the shortest text of, below the capacity; nil for other ids.
    fileprivate var smallNumber: Int? {
        rawValue.utf8.withContiguousStorageIfAvailable { digits -> Int? in
            guard (1...4).contains(digits.count), digits[0] != UInt8(ascii: "0") || digits.count == 1 else {
                return nil
            }
            var number = 0
            for digit in digits {
                let value = digit &- UInt8(ascii: "0")
                guard value < 10 else { return nil }
                number = number &* 10 &+ Int(value)
            }
            return number < NumberedBuffers.capacity ? number : nil
        } ?? nil
    }
}
