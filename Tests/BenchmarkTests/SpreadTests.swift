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

@testable import eventhubs_bench

@Suite struct SpreadTests {
    @Test func anOddNumberHasAMiddleOne() {
        #expect(Spread([5, 1, 3]) == Spread(median: 3, min: 1, max: 5))
    }

    @Test func anEvenNumberHasTheMeanOfTwo() {
        #expect(Spread([4, 1, 3, 2]) == Spread(median: 2.5, min: 1, max: 4))
    }

    @Test func nothingHasNoSpread() {
        #expect(Spread([]) == nil)
        #expect(Spread([1, .nan]) == nil)
        #expect(Spread([1, .infinity]) == nil)
    }

    /// A slow round counts for both sides: the ratio is taken round by round, not of the medians.
    @Test func ratiosAreTakenWithinARound() {
        let own: [Sample] = [["cpu_us_per_event": 2], ["cpu_us_per_event": 40], ["cpu_us_per_event": 3]]
        let reference: [Sample] = [["cpu_us_per_event": 1], ["cpu_us_per_event": 20], ["cpu_us_per_event": 2]]
        let row = Row(point: "100 B", contender: "receive", samples: own, reference: ("drain", reference))
        #expect(row.ratio == Spread(median: 2, min: 1.5, max: 2))
        #expect(row.reference == "drain")
        #expect(row[.cpuPerEvent] == Spread(median: 3, min: 2, max: 40))
    }

    @Test func aReferenceHasNoRatio() {
        let row = Row(point: "100 B", contender: "drain", samples: [["cpu_us_per_event": 1]], reference: nil)
        #expect(row.ratio == nil)
    }
}

extension Spread {
    init?(median: Double, min: Double, max: Double) {
        self.init([min, median, max])
    }
}
