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

@Suite("Positions")
struct PositionFilterTests {
    @Test(
        "Selectors, letter by letter",
        arguments: [
            (.earliest, "amqp.annotation.x-opt-offset > '-1'"),
            (.latest, "amqp.annotation.x-opt-offset > '@latest'"),
            (.offset("1208024"), "amqp.annotation.x-opt-offset > '1208024'"),
            (.offset("1208024", inclusive: true), "amqp.annotation.x-opt-offset >= '1208024'"),
            (.sequenceNumber(12497), "amqp.annotation.x-opt-sequence-number > '12497'"),
            (.sequenceNumber(12497, inclusive: true), "amqp.annotation.x-opt-sequence-number >= '12497'"),
            (
                .enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_552_422_659_007)),
                "amqp.annotation.x-opt-enqueued-time > '1552422659007'"
            ),
            (.offset("a' OR '1"), "amqp.annotation.x-opt-offset > 'a'' OR ''1'"),
        ] as [(EventPosition, String)]
    )
    func selectors(position: EventPosition, expected: String) {
        #expect(PositionFilter.expression(for: position) == expected)
    }

    @Test("The filter is the official clients' described string")
    func filter() {
        let encoded = Source(address: "x", filter: PositionFilter.filter(for: .earliest)).filter
        #expect(
            encoded == [
                .symbol("apache.org:selector-filter:string"): .described(
                    .symbol("apache.org:selector-filter:string"),
                    .string("amqp.annotation.x-opt-offset > '-1'")
                )
            ]
        )
    }
}
