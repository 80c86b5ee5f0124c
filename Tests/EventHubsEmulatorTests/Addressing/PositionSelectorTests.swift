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

import EventHubsEmulator
import Testing

@Suite("Position selectors")
struct PositionSelectorTests {
    @Test(
        "every spelling in use",
        arguments: [
            ("amqp.annotation.x-opt-offset > '-1'", PositionSelector(mark: .offset("-1"), isInclusive: false)),
            (
                "amqp.annotation.x-opt-offset > '@latest'",
                PositionSelector(mark: .offset("@latest"), isInclusive: false)
            ),
            (
                "amqp.annotation.x-opt-offset >= '1208024'",
                PositionSelector(mark: .offset("1208024"), isInclusive: true)
            ),
            ("amqp.annotation.x-opt-offset > 123", PositionSelector(mark: .offset("123"), isInclusive: false)),
            ("amqp.annotation.x-opt-offset >'123'", PositionSelector(mark: .offset("123"), isInclusive: false)),
            ("amqp.annotation.x-opt-offset>=\"1\"", PositionSelector(mark: .offset("1"), isInclusive: true)),
            ("amqp.annotation.x-opt-offset > 'a b'", PositionSelector(mark: .offset("a b"), isInclusive: false)),
            (
                "amqp.annotation.x-opt-sequence-number > '12497'",
                PositionSelector(mark: .sequenceNumber(12497), isInclusive: false)
            ),
            (
                "  amqp.annotation.x-opt-sequence-number  >=  0  ",
                PositionSelector(mark: .sequenceNumber(0), isInclusive: true)
            ),
            (
                "amqp.annotation.x-opt-enqueued-time > '1552422659007'",
                PositionSelector(mark: .enqueuedTime(1_552_422_659_007), isInclusive: false)
            ),
            (
                "amqp.annotation.x-opt-enqueuedtimeutc > '7'",
                PositionSelector(mark: .enqueuedTime(7), isInclusive: false)
            ),
        ]
    )
    func accepted(_ text: String, _ expected: PositionSelector) throws {
        #expect(try PositionSelector(parsing: text) == expected)
    }

    @Test(
        "what cannot be read is an argument error",
        arguments: [
            "", "amqp.annotation.", "amqp.annotation.x-opt-offset", "amqp.annotation.x-opt-offset >",
            "amqp.annotation.x-opt-offset > ''", "amqp.annotation.x-opt-offset > '1",
            "amqp.annotation.x-opt-offset > 1'",
            "amqp.annotation.x-opt-offset < '1'", "amqp.annotation.x-opt-offset = '1'",
            "amqp.annotation.x-opt-offset > '1' AND 1", "x-opt-offset > '1'", "amqp.annotation.x-opt-foo > '1'",
            "amqp.annotation.x-opt-sequence-number > 'x'",
            "amqp.annotation.x-opt-sequence-number > '9223372036854775808'",
            "amqp.annotation.x-opt-enqueued-time > '1.5'", "amqp.annotation.x-opt-offset > 1 2",
            String(repeating: "a", count: 2000),
        ]
    )
    func refused(_ text: String) {
        let error = #expect(throws: ServiceError.self) { try PositionSelector(parsing: text) }
        #expect(error?.condition == .argumentError)
    }
}
