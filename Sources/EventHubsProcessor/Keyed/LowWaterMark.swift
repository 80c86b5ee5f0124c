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

/// How far a run of events is done that are completed in any order: up to the first that is not.
struct LowWaterMark {
    private var isDone: [Bool]
    /// How many events from the first on are done without a gap.
    private(set) var value = 0

    /// Nothing of so many events is done.
    init(count: Int) {
        isDone = Array(repeating: false, count: count)
    }

    /// How many events there are.
    var count: Int { isDone.count }

    /// Whether the event with this index is done.
    func isDone(_ index: Int) -> Bool { isDone[index] }

    /// The event with this index is done. Once is enough.
    mutating func complete(_ index: Int) {
        isDone[index] = true
        while value < isDone.count, isDone[value] { value += 1 }
    }
}
