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

@Suite struct SlotTableTests {
    /// Counts its own living instances.
    struct Resource: ~Copyable {
        final class Counter {
            var living = 0
        }

        var value: Int
        let counter: Counter

        init(_ value: Int, _ counter: Counter) {
            self.value = value
            self.counter = counter
            counter.living += 1
        }

        deinit { counter.living -= 1 }
    }

    @Test func valuesStayWhereTheyArePutWhileTheTableGrows() {
        let counter = Resource.Counter()
        var table = SlotTable<Resource>()
        for number in 0..<100 {
            let index = table.insert(Resource(number, counter))
            #expect(index == number)
        }
        for number in 0..<100 { table[number].value += 1_000 }
        for number in 0..<100 { #expect(table[number].value == number + 1_000) }
        #expect(counter.living == 100)
        #expect(table.count == 100)
    }

    @Test func slotsAreReusedUnderANewGeneration() {
        let counter = Resource.Counter()
        var table = SlotTable<Resource>()
        let next = table.nextSlot
        let index = table.insert(Resource(1, counter))
        #expect(Int(next.index) == index)
        #expect(table.contains(index: next.index, generation: next.generation) == true)
        table.remove(at: index)
        #expect(counter.living == 0)
        #expect(table.contains(index: next.index, generation: next.generation) == false)
        let again = table.nextSlot
        #expect(again.index == next.index)
        #expect(again.generation != next.generation)
        _ = table.insert(Resource(2, counter))
        #expect(table.contains(index: next.index, generation: next.generation) == false)
        #expect(table.contains(index: again.index, generation: again.generation) == true)
    }

    @Test func theTableDestroysWhatIsLeft() {
        let counter = Resource.Counter()
        do {
            var table = SlotTable<Resource>()
            for number in 0..<10 { _ = table.insert(Resource(number, counter)) }
            table.remove(at: 3)
            table.remove(at: 7)
            #expect(counter.living == 8)
        }
        #expect(counter.living == 0)
    }

    @Test func unusedIndicesAreNotOccupied() {
        let table = SlotTable<Resource>()
        #expect(table.isOccupied(0) == false)
        #expect(table.isOccupied(-1) == false)
        #expect(table.contains(index: 5, generation: 1) == false)
        #expect(table.contains(index: 5, generation: 0) == false)
    }
}
