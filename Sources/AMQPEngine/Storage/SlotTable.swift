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

/// Keeps noncopyable values under small index numbers, and lets them be changed in place.
///
/// The standard library's arrays cannot hold noncopyable elements, and a class per element would cost an exclusivity check
/// for every field touched per frame. Each slot has a generation, so that an identifier of a value that is gone is recognised.
/// Unsafe only in the storage itself: each access first checks that the slot is occupied, which only `insert` makes true.
@safe
struct SlotTable<Element: ~Copyable>: ~Copyable {
    private var elements: UnsafeMutablePointer<Element>
    private var capacity: Int
    /// By index; odd while the slot is occupied.
    private var generations: ContiguousArray<UInt32> = []
    private var free: ContiguousArray<Int> = []
    private(set) var count = 0

    init() {
        capacity = 4
        unsafe elements = .allocate(capacity: 4)
    }

    deinit {
        for index in generations.indices where generations[index] & 1 == 1 {
            // An odd generation says that this slot is initialised.
            unsafe (elements + index).deinitialize(count: 1)
        }
        unsafe elements.deallocate()
    }

    /// All indices that have ever been used; check each with ``isOccupied(_:)``.
    var indices: Range<Int> { 0..<generations.count }

    func isOccupied(_ index: Int) -> Bool {
        index >= 0 && index < generations.count && generations[index] & 1 == 1
    }

    /// Whether the slot still holds the value that was inserted as this generation.
    func contains(index: UInt32, generation: UInt32) -> Bool {
        let index = Int(index)
        return index < generations.count && generations[index] == generation && generation & 1 == 1
    }

    /// The generation of the value in slot `index`.
    func generation(at index: Int) -> UInt32 { generations[index] }

    /// The index that the next insertion will use, and the generation it will have.
    var nextSlot: (index: UInt32, generation: UInt32) {
        guard let reused = free.last else { return (UInt32(truncatingIfNeeded: generations.count), 1) }
        return (UInt32(truncatingIfNeeded: reused), generations[reused] &+ 1)
    }

    /// Stores a value in a free slot.
    mutating func insert(_ element: consuming Element) -> Int {
        let index: Int
        if let reused = free.popLast() {
            index = reused
        } else {
            index = generations.count
            generations.append(0)
            if index == capacity { grow() }
        }
        // `index < capacity` by the line above, and the slot is not initialised: its generation is even.
        unsafe (elements + index).initialize(to: element)
        generations[index] &+= 1
        count += 1
        return index
    }

    /// Destroys the value in slot `index`.
    mutating func remove(at index: Int) {
        precondition(isOccupied(index), "the slot is empty")
        generations[index] &+= 1
        free.append(index)
        count -= 1
        // Occupied until just now, so it is initialised.
        unsafe (elements + index).deinitialize(count: 1)
    }

    /// The value in slot `index`, which has to be occupied.
    subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            precondition(isOccupied(index), "the slot is empty")
            yield unsafe elements[index]
        }
        @inline(__always)
        _modify {
            precondition(isOccupied(index), "the slot is empty")
            yield unsafe &elements[index]
        }
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        for index in 0..<capacity where generations[index] & 1 == 1 {
            unsafe (larger + index).moveInitialize(from: elements + index, count: 1)
        }
        unsafe elements.deallocate()
        unsafe elements = larger
        capacity *= 2
    }
}
