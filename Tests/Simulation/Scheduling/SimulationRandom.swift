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

import EventHubsProcessor

/// The source of all chance in a simulated world.
struct SimulationRandom: RandomNumberGenerator {
    private var base: SplitMix64

    init(seed: UInt64) {
        base = SplitMix64(seed: seed)
    }

    mutating func next() -> UInt64 { base.next() }

    /// A number below the limit, which has to be positive.
    mutating func below(_ limit: Int) -> Int {
        Int((UInt64(truncatingIfNeeded: limit)).multipliedFullWidth(by: base.next()).high)
    }

    /// A number of the range.
    mutating func pick(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(below(Int(range.upperBound - range.lowerBound) + 1))
    }

    /// True so many times in a hundred.
    mutating func percent(_ chance: Int) -> Bool { below(100) < chance }

    /// One of them.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
