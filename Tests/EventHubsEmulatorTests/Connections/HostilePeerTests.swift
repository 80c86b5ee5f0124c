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

@Suite("Hostile peers", .timeLimit(.minutes(1)))
struct HostilePeerTests {
    @Test("bytes that are no frames end the connection, never the process", arguments: 0..<40)
    func garbage(_ seed: Int) async throws {
        let broker = WireClient.makeBroker()
        var generator = SplitMix(state: UInt64(seed))
        let client = seed % 2 == 0 ? WireClient(broker) : try await WireClient.connected(broker)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...400, using: &generator) {
            bytes.append(.random(in: 0...255, using: &generator))
        }
        if seed % 3 == 0 { bytes = [0, 0, 0, UInt8(bytes.count & 255), 2, 0, 0, 0] + bytes }
        client.send(bytes)
        client.close()
        while broker.connectionCount > 0 { await Task.yield() }
    }

    @Test("damaged frames of a real client end the connection, never the process", arguments: 0..<60)
    func mutations(_ seed: Int) async throws {
        let broker = WireClient.makeBroker()
        let client = try await WireClient.connected(broker)
        var generator = SplitMix(state: UInt64(seed) &* 77)
        var writer = ByteWriter()
        FrameEncoder.write(
            .attach(WireClient.sender("hub1/Partitions/0", handle: 0, name: "s")),
            channel: 0,
            into: &writer
        )
        FrameEncoder.write(
            .transfer(Transfer(handle: 0, deliveryID: 0, deliveryTag: [1], messageFormat: 0x8001_3700, settled: false)),
            channel: 0,
            payload: IncomingEventsTests.pythonBatch[...],
            into: &writer
        )
        var bytes = writer.bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        client.send(bytes)
        client.close()
        while broker.connectionCount > 0 { await Task.yield() }
    }

    @Test("too many connections are turned away")
    func connectionLimit() async throws {
        let broker = WireClient.makeBroker { $0.maximumConnections = 1 }
        let first = try await WireClient.connected(broker)
        let second = WireClient(broker)
        await second.waitForEnd()
        #expect(broker.connectionCount == 1)
        first.close()
    }

    @Test("a connection without links is closed in good order")
    func linkless() async throws {
        let broker = WireClient.makeBroker { $0.linklessTimeout = .seconds(15) }
        let client = try await WireClient.connected(broker)
        guard case .close(let close) = try await client.next().performative else {
            Issue.record("no close")
            return
        }
        #expect(close.error?.condition == .connectionForced)
        #expect(close.error?.description?.contains("inactive for more than the allowed 15000 milliseconds") == true)
    }

    @Test("an idle link is detached, one that waits for events is not")
    func idleLinks() async throws {
        let broker = WireClient.makeBroker { $0.idleLinkTimeout = .seconds(15) }
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver("hub1/ConsumerGroups/$Default/Partitions/0")
        client.grant(10)
        _ = try await client.attachSender("hub1", handle: 0)
        let detach = try await client.nextDetach()
        #expect(detach.error?.condition == .detachForced)
        #expect(detach.error?.description?.contains("AmqpEventHubPublisher.IdleTimerExpired") == true)
        #expect(broker.namespace.hub("hub1")?.receivers(of: "0").count == 1)
        client.close()
    }
}

/// A small generator with a seed that the test shows.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
