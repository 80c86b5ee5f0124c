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
import Testing

@testable import EventHubsEmulator

@Suite("Receiving", .timeLimit(.minutes(1)))
struct ReceivingTests {
    private static let address = "hub1/ConsumerGroups/$Default/Partitions/0"

    private func append(_ count: Int, to broker: Broker, size: Int = 1) throws {
        let partition = try #require(broker.namespace.hub("hub1")?.partition("0"))
        let body = [UInt8](repeating: 0x78, count: size)
        for _ in 0..<count {
            let length = UInt32(size)
            let payload: [UInt8] =
                [0x00, 0x53, 0x75, 0xB0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
            try partition.append(IncomingEvents(delivery: payload, messageFormat: 0), at: 1)
        }
    }

    @Test("no more comes than there is credit, and new events come at once")
    func credit() async throws {
        let broker = WireClient.makeBroker()
        try append(5, to: broker)
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver(Self.address)
        client.grant(3)
        for number in 0..<3 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
        // Absolute: three have been sent, four are allowed.
        client.grant(4, deliveryCount: 0)
        #expect(try await client.nextTransfer().0.deliveryID == 3)
        client.grant(10, deliveryCount: 4)
        #expect(try await client.nextTransfer().0.deliveryID == 4)
        #expect(client.waitingItems == 0)
        try append(1, to: broker)
        #expect(try await client.nextTransfer().0.deliveryID == 5)
    }

    @Test("a closed session window holds events back until it opens, without a word on the link")
    func window() async throws {
        let broker = WireClient.makeBroker()
        try append(10, to: broker)
        let client = try await WireClient.connected(broker, incomingWindow: 4)
        _ = try await client.attachReceiver(Self.address)
        client.grant(100, window: 4)
        for _ in 0..<4 { _ = try await client.nextTransfer() }
        client.send(
            .flow(Flow(nextIncomingID: 4, incomingWindow: 6, nextOutgoingID: 0, outgoingWindow: 100))
        )
        for number in 4..<10 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
    }

    @Test("drain gives the rest of the credit back")
    func drain() async throws {
        let broker = WireClient.makeBroker()
        try append(2, to: broker)
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver(Self.address)
        client.grant(10, drain: true)
        var transfers = 0
        while true {
            let received = try await client.next()
            if case .transfer = received.performative {
                transfers += 1
                continue
            }
            guard case .flow(let flow) = received.performative else {
                Issue.record("neither transfer nor flow")
                return
            }
            #expect(flow.linkCredit == 0)
            #expect(flow.deliveryCount == 10)
            break
        }
        #expect(transfers <= 2)
    }

    @Test("an event larger than a frame comes in several, and those behind it follow")
    func largeEvents() async throws {
        let broker = WireClient.makeBroker()
        try append(1, to: broker, size: 200_000)
        try append(2, to: broker)
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver(Self.address)
        client.grant(10)
        var assembled: [UInt8] = []
        var frames = 0
        var more = true
        while more {
            let (transfer, payload) = try await client.nextTransfer()
            assembled += payload
            frames += 1
            more = transfer.more
        }
        #expect(frames == 4)
        #expect(try Message(decoding: assembled).body == .data([[UInt8](repeating: 0x78, count: 200_000)]))
        for number in 1...2 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
    }

    @Test("a reader that does not read gets everything in the end")
    func slowReader() async throws {
        let broker = WireClient.makeBroker()
        // More than the output holds at once.
        try append(400, to: broker, size: 20_000)
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver(Self.address)
        client.grant(1_000)
        for number in 0..<400 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
    }

    @Test("runtime metrics come when asked for")
    func runtimeMetrics() async throws {
        let broker = WireClient.makeBroker()
        try append(3, to: broker)
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver(
            Self.address,
            capabilities: ["com.microsoft:enable-receiver-runtime-metric", "com.microsoft:georeplication"]
        )
        client.grant(1)
        let message = try Message(decoding: try await client.nextTransfer().1)
        let annotations = try #require(message.deliveryAnnotations)
        #expect(
            annotations.keys == [
                .symbol("last_enqueued_sequence_number"), .symbol("last_enqueued_offset"),
                .symbol("last_enqueued_time_utc"), .symbol("runtime_info_retrieval_time_utc"),
            ]
        )
        #expect(annotations[symbol: "last_enqueued_sequence_number"] == .long(2))
    }

    @Test("a receiver with an owner level displaces another, on another connection, with the service's words")
    func stolen() async throws {
        let broker = WireClient.makeBroker()
        let first = try await WireClient.connected(broker)
        let properties: AMQPMap = [
            .symbol("com.microsoft:epoch"): .long(0), .symbol("com.microsoft:receiver-name"): .string("one"),
        ]
        _ = try await first.attachReceiver(Self.address, properties: properties)
        let second = try await WireClient.connected(broker)
        let attach = try await second.attachReceiver(
            Self.address,
            properties: [
                .symbol("com.microsoft:epoch"): .long(0), .symbol("com.microsoft:receiver-name"): .string("two"),
            ]
        )
        #expect(attach.source != nil)
        let detach = try await first.nextDetach()
        #expect(detach.error?.condition == .linkStolen)
        let text = try #require(detach.error?.description)
        #expect(
            text.hasPrefix(
                "New receiver 'two' with higher epoch of '0' is created hence current receiver 'one' with epoch '0'"
            )
        )
        #expect(text.contains("SystemTracker:ns:eventhub:hub1~0|$Default, "))
        #expect(broker.namespace.hub("hub1")?.receivers(of: "0").map(\.receiver.name) == ["two"])
        // A killed client frees its place.
        second.close()
        while broker.connectionCount > 1 { await Task.yield() }
        #expect(broker.namespace.hub("hub1")?.receivers(of: "0").isEmpty == true)
    }
}
