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

import EventHubs
import Testing

@testable import eventhubs

@Suite struct DemoLedgerTests {
    /// Takes the numbers down as one run; all events are of one vehicle, numbered like the sequence.
    private func record(_ sequences: [Int64], in entry: inout DemoLedger.Entry, run: inout DemoLedger.Run) {
        for sequence in sequences { entry.processed(sequence, DemoEvent(vehicle: 1, number: sequence), in: &run) }
    }

    @Test func anUnbrokenRun() {
        var (entry, run) = (DemoLedger.Entry(), DemoLedger.Run())
        record([0, 1, 2, 3], in: &entry, run: &run)
        #expect((entry.events, entry.repeats, entry.skipped, entry.disordered) == (4, 0, 0, 0))
    }

    @Test func aTakeOverRepeatsWhatCameAfterTheCheckpoint() {
        var (entry, first, second) = (DemoLedger.Entry(), DemoLedger.Run(), DemoLedger.Run())
        record([0, 1, 2, 3], in: &entry, run: &first)
        record([2, 3, 4, 5], in: &entry, run: &second)
        #expect((entry.events, entry.repeats, entry.skipped, entry.disordered) == (6, 2, 0, 0))
    }

    @Test func aTakeOverThatSkips() {
        var (entry, first, second) = (DemoLedger.Entry(), DemoLedger.Run(), DemoLedger.Run())
        record([0, 1], in: &entry, run: &first)
        record([4], in: &entry, run: &second)
        #expect(entry.skipped == 2)
    }

    @Test func disorderInARun() {
        var (entry, run) = (DemoLedger.Entry(), DemoLedger.Run())
        record([0, 2, 1], in: &entry, run: &run)
        #expect(entry.disordered > 0)
    }

    @Test func disorderOfAVehicle() {
        var (entry, run) = (DemoLedger.Entry(), DemoLedger.Run())
        entry.processed(0, DemoEvent(vehicle: 3, number: 0), in: &run)
        entry.processed(1, DemoEvent(vehicle: 4, number: 0), in: &run)
        entry.processed(2, DemoEvent(vehicle: 3, number: 2), in: &run)
        #expect((entry.disordered, entry.skipped) == (1, 0))
    }

    @Test func whatIsNotTheDemosIsCounted() {
        var (entry, run) = (DemoLedger.Entry(), DemoLedger.Run())
        entry.processed(0, DemoEvent(body: Array("{}".utf8)), in: &run)
        #expect((entry.events, entry.foreign) == (1, 1))
    }

    @Test func documentsAreReadBack() throws {
        var generator = SystemRandomNumberGenerator()
        for event in [DemoEvent(vehicle: 0, number: 0), DemoEvent(vehicle: 63, number: 123_456_789)] {
            let body = event.body(using: &generator)
            #expect(DemoEvent(body: body) == event)
            #expect(body.count > 60)
        }
        for text in [
            "", "{", #"{"vehicle":x,"n":1}"#, #"{"vehicle":1,"m":1}"#, #"{"vehicle":1,"n":99999999999999999999}"#,
        ] {
            #expect(DemoEvent(body: Array(text.utf8)) == nil)
        }
    }
}
