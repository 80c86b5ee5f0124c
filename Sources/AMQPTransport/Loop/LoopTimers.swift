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

/// The timers of one loop: a binary heap in which each timer knows its place, so that cancelling costs O(log n).
struct LoopTimers {
    private var heap: [LoopTimer] = []

    var count: Int { heap.count }

    var nextDeadline: ContinuousClock.Instant? { heap.first?.deadline }

    mutating func insert(_ timer: LoopTimer) {
        timer.position = heap.count
        heap.append(timer)
        siftUp(from: timer.position)
    }

    mutating func remove(_ timer: LoopTimer) {
        let position = timer.position
        guard heap.indices.contains(position), heap[position] === timer else { return }
        let last = heap.removeLast()
        timer.position = -1
        timer.body = nil
        guard last !== timer else { return }
        place(last, at: position)
        siftUp(from: position)
        siftDown(from: last.position)
    }

    /// The next timer that is due, removed.
    mutating func popDue(at now: ContinuousClock.Instant) -> LoopTimer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let body = first.body
        remove(first)
        first.body = body
        return first
    }

    private mutating func place(_ timer: LoopTimer, at position: Int) {
        heap[position] = timer
        timer.position = position
    }

    private func comesFirst(_ left: LoopTimer, _ right: LoopTimer) -> Bool {
        left.deadline == right.deadline ? left.sequence < right.sequence : left.deadline < right.deadline
    }

    private mutating func siftUp(from start: Int) {
        var position = start
        let timer = heap[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard comesFirst(timer, heap[parent]) else { break }
            place(heap[parent], at: position)
            position = parent
        }
        place(timer, at: position)
    }

    private mutating func siftDown(from start: Int) {
        var position = start
        let timer = heap[position]
        while true {
            var child = 2 * position + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, comesFirst(heap[child + 1], heap[child]) { child += 1 }
            guard comesFirst(heap[child], timer) else { break }
            place(heap[child], at: position)
            position = child
        }
        place(timer, at: position)
    }
}
