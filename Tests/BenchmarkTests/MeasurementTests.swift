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

import Foundation
import Testing

@testable import eventhubs_bench

@Suite struct MeasurementTests {
    /// The keys are part of the command line's contract.
    @Test func theKeysOfOneMeasurement() throws {
        let measurement = Measurement(
            events: 1_000_000,
            bodyBytes: 100_000_000,
            usage: ProcessUsage(wallSeconds: 2, userSeconds: 0.25, systemSeconds: 0.75)
        )
        let sample = try JSONDecoder().decode(Sample.self, from: Data(measurement.json.utf8))
        #expect(
            Set(sample.keys) == [
                "events", "seconds", "events_per_second", "mb_per_second", "cpu_us_per_event", "user_us_per_event",
                "system_us_per_event", "peak_rss_bytes",
            ]
        )
        #expect(sample[Metric.eventsPerSecond.rawValue] == 500_000)
        #expect(sample[Metric.megabytesPerSecond.rawValue] == 50)
        #expect(sample[Metric.cpuPerEvent.rawValue] == 1)
        #expect(sample[Metric.userPerEvent.rawValue] == 0.25)
    }

    @Test func thresholdsNameTheirUnits() throws {
        let json = """
            {"name": "decode", "arguments": ["probe", "decode", "--events", "{events}"], "events": [1000, 2000],
             "instructions_per_event": 200, "allocations_per_event": 0.01}
            """
        let threshold = try JSONDecoder().decode(Threshold.self, from: Data(json.utf8))
        #expect(threshold.limits.map(\.1) == [200, 0.01])
    }

    @Test func valgrindsNumbersAreRead() {
        #expect(StrippedProgram.number(after: "Collected :", in: "==1== Collected : 1234567\n") == 1_234_567)
        #expect(
            StrippedProgram.number(after: "total heap usage:", in: "==1==   total heap usage: 12,345 allocs, 9 frees")
                == 12_345
        )
        #expect(StrippedProgram.number(after: "Collected :", in: "nothing") == nil)
    }
}
