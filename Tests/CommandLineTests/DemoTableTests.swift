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

@testable import eventhubs

@Suite struct DemoTableTests {
    private let snapshot = DemoSnapshot(
        elapsed: .milliseconds(12_340),
        address: "127.0.0.1:5672",
        rows: [
            .init(
                partition: "0",
                owner: "host-a",
                eventsPerSecond: 2510.4,
                lag: 12,
                checkpoint: 20480,
                processed: 20512
            ),
            .init(partition: "1", owner: nil, eventsPerSecond: 0, lag: 3, checkpoint: nil, processed: 1_000_000),
        ],
        hosts: ["host-a", "host-b"]
    )

    @Test func theTable() {
        #expect(
            DemoTable.table(snapshot) == [
                "swift-event-hubs demo: emulator at 127.0.0.1:5672, 2 partitions, 12.3 s",
                "",
                "partition  owner         events/s        lag     checkpoint      processed",
                "0          host-a           2,510         12         20,480         20,512",
                "1          -                    0          3              -      1,000,000",
                "all                         2,510         15                     1,020,512",
            ]
        )
    }

    @Test func theLine() {
        #expect(
            DemoTable.line(snapshot)
                == "12.3 s  2,510 events/s  lag 15  processed 1,020,512  host-a: 0, host-b: -"
        )
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int64.min, "-9,223,372,036,854,775,808"),
    ])
    func groups(number: Int64, expected: String) {
        #expect(DemoTable.grouped(number) == expected)
    }
}
