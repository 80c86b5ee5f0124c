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

@testable import AMQPEngine

@Suite struct FIFOTests {
    @Test func elementsComeOutInOrder() {
        var queue = FIFO<Int>()
        #expect(queue.popFirst() == nil)
        var expected = 0
        for number in 0..<10_000 {
            queue.append(number)
            // Two in, one out: the queue grows and compacts on the way.
            if number % 2 == 1 {
                #expect(queue.popFirst() == expected)
                expected += 1
            }
        }
        #expect(queue.count == 5_000)
        while let next = queue.popFirst() {
            #expect(next == expected)
            expected += 1
        }
        #expect(expected == 10_000)
        #expect(queue.isEmpty)
    }

    @Test func takenElementsAreReleased() {
        final class Tracked {}
        var queue = FIFO<Tracked>()
        var element: Tracked? = Tracked()
        weak let witness = element
        queue.append(Tracked())
        if let element { queue.append(element) }
        queue.append(Tracked())
        element = nil
        _ = queue.popFirst()
        #expect(witness != nil)
        _ = queue.popFirst()
        #expect(witness == nil)
        #expect(queue.count == 1)
    }

    @Test func theFirstElementCanBeChangedInPlace() {
        var queue = FIFO<Int>()
        queue.append(1)
        queue.append(2)
        queue.first? += 10
        #expect(queue.first == 11)
        #expect(queue.popFirst() == 11)
        #expect(queue.first == 2)
    }
}
