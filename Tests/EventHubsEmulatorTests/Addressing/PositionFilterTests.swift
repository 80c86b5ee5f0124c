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

import AMQPCodec
import EventHubsEmulator
import Testing

@Suite("Position filters")
struct PositionFilterTests {
    private static let key = AMQPValue.symbol("apache.org:selector-filter:string")
    private static let text = AMQPValue.string("amqp.annotation.x-opt-sequence-number > '7'")

    @Test(
        "descriptors in all shapes",
        arguments: [
            AMQPValue.described(key, text), .described(.ulong(0x0000_468C_0000_0004), text),
            .described(.ulong(0x0000_0013_7000_000A), text), text, .described(.ulong(99), text),
        ]
    )
    func shapes(_ value: AMQPValue) throws {
        let selector = try PositionSelector(filter: [Self.key: value])
        #expect(selector == PositionSelector(mark: .sequenceNumber(7), isInclusive: false))
    }

    @Test("a selector is known by its descriptor under any key, other filters are passed over")
    func otherKeys() throws {
        let filter: AMQPMap = [
            .symbol("other"): .described(.ulong(1), .string("x")), .symbol("selector"): .described(Self.key, Self.text),
        ]
        #expect(try PositionSelector(filter: filter).mark == .sequenceNumber(7))
        #expect(try PositionSelector(filter: [.symbol("other"): .described(.ulong(1), .string("x"))]) == .earliest)
        #expect(try PositionSelector(filter: nil) == .earliest)
        #expect(try PositionSelector(filter: [Self.key: .null]) == .earliest)
    }

    @Test("an expression of another type is an argument error")
    func wrongType() {
        let error = #expect(throws: ServiceError.self) {
            try PositionSelector(filter: [Self.key: .described(Self.key, .long(7))])
        }
        #expect(error?.condition == .argumentError)
    }
}
