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

/// The unsettled deliveries of one direction of a session, in the order of their delivery-ids.
///
/// Ids are handed out in ascending order, so appending is cheap, finding is a subtraction or a binary search, and settling in
/// order frees from the front. A delivery settled out of order leaves a hole, which goes away when it reaches the front or
/// when there are more holes than deliveries: no order of settlement costs more than constant time per delivery on average.
struct UnsettledDeliveries: Sendable {
    /// Consecutive deliveries of one link.
    struct Run: Equatable, Sendable {
        var link: Int
        var firstID: UInt32
        var lastID: UInt32
        var firstNumber: UInt64
        var lastNumber: UInt64
    }

    private struct Entry: BitwiseCopyable {
        /// The link's slot, or ``hole``.
        var link: Int32
        var id: UInt32
        /// The link's own count of deliveries.
        var number: UInt64

        static var hole: Int32 { -1 }
    }

    private var entries: ContiguousArray<Entry> = []
    private var head = 0

    /// Deliveries that are not settled.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds a delivery. False: its id does not come after the last one added.
    @inline(__always)
    mutating func append(id: UInt32, link: Int, number: UInt64 = 0) -> Bool {
        if let last = entries.last, !SequenceNumber(last.id).isBefore(SequenceNumber(id)) { return false }
        entries.append(Entry(link: Int32(truncatingIfNeeded: link), id: id, number: number))
        count += 1
        return true
    }

    /// Calls `body` with the unsettled deliveries from `first` to `last`, in runs of one link, and forgets them if `removing`.
    ///
    /// With a `link`, only its deliveries are visited.
    mutating func visit(
        from first: UInt32,
        through last: UInt32,
        of link: Int? = nil,
        removing: Bool,
        _ body: (Run) -> Void
    ) {
        guard count > 0, SequenceNumber(first).distance(to: SequenceNumber(last)) >= 0 else { return }
        var index = lowerBound(first)
        var run: Run?
        while index < entries.count, SequenceNumber(entries[index].id).distance(to: SequenceNumber(last)) >= 0 {
            let entry = entries[index]
            if entry.link != Entry.hole, link == nil || entry.link == Int32(truncatingIfNeeded: link ?? 0) {
                Self.extend(&run, with: entry, body)
                if removing {
                    entries[index].link = Entry.hole
                    count -= 1
                }
            }
            index += 1
        }
        if let run { body(run) }
        if removing { tidy() }
    }

    /// Forgets all deliveries of one link.
    mutating func removeAll(of link: Int) {
        for index in head..<entries.count where entries[index].link == Int32(truncatingIfNeeded: link) {
            entries[index].link = Entry.hole
            count -= 1
        }
        tidy()
    }

    private static func extend(_ run: inout Run?, with entry: Entry, _ body: (Run) -> Void) {
        if let open = run {
            if open.link == Int(entry.link), open.lastID &+ 1 == entry.id, entry.number &- open.lastNumber <= 1 {
                run?.lastID = entry.id
                run?.lastNumber = entry.number
                return
            }
            body(open)
        }
        run = Run(
            link: Int(entry.link),
            firstID: entry.id,
            lastID: entry.id,
            firstNumber: entry.number,
            lastNumber: entry.number
        )
    }

    /// The index of the first entry whose id is not before `id`.
    private func lowerBound(_ id: UInt32) -> Int {
        let origin = SequenceNumber(entries[head].id)
        let distance = origin.distance(to: SequenceNumber(id))
        guard distance > 0 else { return head }
        // Without gaps in the ids, the distance is the position.
        let guess = head + Int(distance)
        if guess < entries.count, entries[guess].id == id { return guess }
        var low = head
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if origin.distance(to: SequenceNumber(entries[middle].id)) < distance {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// Drops the holes at the front, and all holes when they are the larger part.
    private mutating func tidy() {
        guard count > 0 else {
            entries.removeAll(keepingCapacity: entries.count <= 65_536)
            head = 0
            return
        }
        while entries[head].link == Entry.hole { head += 1 }
        let span = entries.count - head
        if span > 2 * count + 256 {
            entries = ContiguousArray(entries[head...].lazy.filter { $0.link != Entry.hole })
            head = 0
        } else if head > 256, head > span {
            entries.removeFirst(head)
            head = 0
        }
    }
}
