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

@testable import EventHubsProcessor

@Suite struct EventHubDeadLetterSinkTests {
    func failure(_ event: ReceivedEventData) -> BatchFailure {
        BatchFailure(
            host: "a",
            eventHub: "orders",
            consumerGroup: "billing",
            partition: "3",
            events: [event],
            error: TestFailure(),
            failures: 4
        )
    }

    @Test func letterKeepsTheEventAndSaysWhereItComesFrom() throws {
        let message = Message(
            messageAnnotations: [
                .symbol("x-opt-sequence-number"): .long(77),
                .symbol("x-opt-offset"): .string("8192"),
                .symbol("x-opt-enqueued-time"): .timestamp(Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)),
                .symbol("x-opt-partition-key"): .string("customer-5"),
            ],
            properties: Properties(messageID: .string("m1")),
            applicationProperties: [.string("kind"): .string("invoice")],
            body: .data([Array("{}".utf8)])
        )
        let event = try #require(EventBatch(copying: [message.encoded()]).first)
        let letter = EventHubDeadLetterSink.letter(of: event, failure(event), reason: "BadInvoice")
        #expect(letter.body == Array("{}".utf8))
        #expect(letter.messageID == .string("m1"))
        #expect(letter.message.messageAnnotations == nil, "the service writes its own")
        let expected: AMQPMap = [
            .string("kind"): .string("invoice"),
            .string("dead-letter-hub"): .string("orders"),
            .string("dead-letter-consumer-group"): .string("billing"),
            .string("dead-letter-partition"): .string("3"),
            .string("dead-letter-sequence-number"): .long(77),
            .string("dead-letter-offset"): .string("8192"),
            .string("dead-letter-enqueued-time"): .timestamp(Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)),
            .string("dead-letter-failures"): .int(4),
            .string("dead-letter-reason"): .string("BadInvoice"),
            .string("dead-letter-partition-key"): .string("customer-5"),
        ]
        #expect(letter.properties == expected)
    }

    @Test func reasonIsCutAtACharacter() {
        #expect(EventHubDeadLetterSink.cut("short") == "short")
        let cut = EventHubDeadLetterSink.cut(String(repeating: "é", count: 300))
        #expect(cut == String(repeating: "é", count: 128))
    }
}
