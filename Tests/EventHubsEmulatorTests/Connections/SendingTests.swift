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

@Suite("Sending", .timeLimit(.minutes(1)))
struct SendingTests {
    private static let event = hex("005375a00178")

    private func count(_ broker: Broker, _ partition: String) -> Int64 {
        broker.namespace.hub("hub1")?.partition(partition)?.summary(at: 0).eventCount ?? -1
    }

    @Test("events without a key take turns, events to a partition go there")
    func routing() async throws {
        let client = try await WireClient.connected()
        _ = try await client.attachSender("hub1", handle: 0, name: "any")
        for id in 0..<4 { #expect(try await client.deliver(Self.event, id: UInt32(id)) == .accepted) }
        #expect(count(client.broker, "0") == 2)
        #expect(count(client.broker, "1") == 2)
        _ = try await client.attachSender("hub1/Partitions/1", handle: 1, name: "one")
        #expect(try await client.deliver(Self.event, id: 4, handle: 1) == .accepted)
        #expect(count(client.broker, "1") == 3)
    }

    @Test("a message that cannot be decoded is rejected, and the link goes on")
    func malformed() async throws {
        let client = try await WireClient.connected()
        _ = try await client.attachSender("hub1/Partitions/0")
        for (number, bad) in [hex("005375a0ff78"), hex("ffffffff"), [], hex("005374c103010201")].enumerated()
        where !bad.isEmpty {
            guard case .rejected(let error?) = try await client.deliver(bad, id: UInt32(number)) else {
                Issue.record("not rejected")
                continue
            }
            #expect(error.condition == .decodeError)
            #expect(error.description?.contains("TrackingId:") == true)
        }
        #expect(try await client.deliver(Self.event, id: 9) == .accepted)
        #expect(count(client.broker, "0") == 1)
    }

    @Test("a batch with one bad message is rejected whole")
    func batchIsAtomic() async throws {
        let client = try await WireClient.connected()
        _ = try await client.attachSender("hub1/Partitions/0")
        let batch = hex("005375a006005375a00178" + "005375a003ffffff")
        guard case .rejected = try await client.deliver(batch, id: 0, format: IncomingEvents.batchFormat) else {
            Issue.record("not rejected")
            return
        }
        #expect(count(client.broker, "0") == 0)
    }

    @Test("credit is topped up before it runs out")
    func credit() async throws {
        let client = try await WireClient.connected()
        _ = try await client.attachSender("hub1/Partitions/0")
        var granted: UInt32 = 0
        for id in 0..<1_200 {
            client.send(
                .transfer(
                    Transfer(handle: 0, deliveryID: UInt32(id), deliveryTag: [1], messageFormat: 0, settled: true)
                ),
                payload: Self.event
            )
            if id % 100 == 99 { while count(client.broker, "0") <= id { await Task.yield() } }
        }
        while client.waitingItems > 0 {
            if case .flow(let flow) = try await client.next().performative {
                granted = max(granted, flow.deliveryCount ?? 0)
            }
        }
        #expect(granted >= 500)
        #expect(count(client.broker, "0") == 1_200)
    }

    @Test("a message beyond the limit detaches the link")
    func tooLarge() async throws {
        let broker = WireClient.makeBroker { $0.maximumMessageSize = 10_000 }
        let client = try await WireClient.connected(broker)
        let attach = try await client.attachSender("hub1/Partitions/0")
        #expect(attach.maxMessageSize == 10_000)
        client.send(
            .transfer(Transfer(handle: 0, deliveryID: 0, deliveryTag: [1], messageFormat: 0, settled: false)),
            payload: [UInt8](repeating: 0, count: 20_000)
        )
        let error = try await client.nextDetach().error
        #expect(error?.condition == .messageSizeExceeded)
        #expect(error?.description?.contains("exceeds the limit (10000 bytes) currently allowed on the link") == true)
    }
}
