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

@Suite struct SequenceNumberTests {
    @Test func comparisonWraps() {
        let last = SequenceNumber(.max)
        let first = SequenceNumber(0)
        #expect(last.isBefore(first))
        #expect(!first.isBefore(last))
        #expect(last.distance(to: first) == 1)
        #expect(first.distance(to: last) == -1)
        #expect(!first.isBefore(first))
    }

    @Test func advancingWraps() {
        #expect(SequenceNumber(.max - 1).advanced(by: 4) == SequenceNumber(2))
        var number = SequenceNumber(.max)
        number.increment()
        #expect(number == SequenceNumber(0))
    }

    @Test func halfTheRangeIsTheLimit() {
        #expect(SequenceNumber(0).isBefore(SequenceNumber(0x7fff_ffff)))
        #expect(!SequenceNumber(0).isBefore(SequenceNumber(0x8000_0001)))
    }
}
