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

import Testing

@testable import EventHubsProcessor

@Suite struct LowWaterMarkTests {
    @Test func standsBeforeTheFirstGap() {
        var mark = LowWaterMark(count: 5)
        var values: [Int] = []
        for index in [1, 0, 3, 4, 4, 2] {
            mark.complete(index)
            values.append(mark.value)
        }
        #expect(values == [0, 2, 2, 2, 2, 5])
    }

    /// Against the definition: the first that is not done.
    @Test(arguments: 0..<50) func anyOrder(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let count = Int.random(in: 0...64, using: &generator)
        var mark = LowWaterMark(count: count)
        var done: Set<Int> = []
        for index in (0..<count).shuffled(using: &generator) {
            #expect(!mark.isDone(index))
            mark.complete(index)
            done.insert(index)
            #expect(mark.isDone(index))
            #expect(mark.value == (0..<count).first { !done.contains($0) } ?? count)
        }
        #expect(mark.value == count)
    }
}
