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
import Synchronization
import Testing

@testable import EventHubsEmulator

@Suite("Throughput units")
struct ThroughputUnitsTests {
    private final class Clock: Sendable {
        let now = Atomic<Int64>(0)
        func advance(_ milliseconds: Int64) { now.add(milliseconds, ordering: .relaxed) }
    }

    private let clock = Clock()

    private func units(_ count: Int) -> ThroughputUnits {
        ThroughputUnits(count) { [clock] in clock.now.load(ordering: .relaxed) }
    }

    @Test("a second's worth of events comes in at once, and then as many as time brings", arguments: [1, 3])
    func events(_ count: Int) {
        let units = units(count)
        for _ in 0..<10 { #expect(units.admit(events: 100 * count, bytes: 1)) }
        #expect(!units.admit(events: 1, bytes: 1))
        clock.advance(100)
        #expect(units.admit(events: 100 * count, bytes: 1))
        #expect(!units.admit(events: 1, bytes: 1))
        clock.advance(60_000)
        // What was not used is not saved up.
        #expect(units.admit(events: 1_000 * count, bytes: 1))
        #expect(!units.admit(events: 1, bytes: 1))
    }

    @Test("bytes count like events, and a batch larger than a second's worth is paid back")
    func bytes() {
        let units = units(1)
        #expect(units.admit(events: 1, bytes: 1_048_576))
        #expect(!units.admit(events: 1, bytes: 10))
        clock.advance(40)
        #expect(!units.admit(events: 1, bytes: 10))
        clock.advance(10)
        #expect(units.admit(events: 1, bytes: 10))
    }

    @Test("what goes out beyond 4,096 events or 2 MB waits as long as it takes")
    func egress() {
        let units = units(1)
        units.sent(events: 4_095, bytes: 0)
        #expect(units.egressWait == 0)
        units.sent(events: 1 + 4_096, bytes: 0)
        #expect((1_000...1_001).contains(units.egressWait))
        clock.advance(1_001)
        #expect(units.egressWait == 0)
        units.sent(events: 0, bytes: 4_000_000)
        #expect((999...1_001).contains(units.egressWait))
    }

    @Test("fifty questions a second")
    func reads() {
        let units = units(1)
        for _ in 0..<50 { #expect(units.admitRead()) }
        #expect(!units.admitRead())
        clock.advance(20)
        #expect(units.admitRead())
        #expect(!units.admitRead())
    }

    @Test(
        "a sender beyond the limit is told that the namespace is busy, and nothing is stored",
        .timeLimit(.minutes(1))
    )
    func busy() async throws {
        let broker = WireClient.makeBroker { $0.throughputUnits = 1 }
        let client = try await WireClient.connected(broker)
        _ = try await client.attachSender("hub1/Partitions/0")
        // More than a hundred seconds' worth, however the machine is held up.
        #expect(broker.throughput?.admit(events: 100_000, bytes: 0) == true)
        let state = try await client.deliver([0x00, 0x53, 0x75, 0xA0, 1, 1], id: 0)
        guard case .rejected(let error?)? = state else {
            Issue.record("not rejected: \(String(describing: state))")
            return
        }
        #expect(error.condition == .serverBusy)
        #expect(
            error.description?.hasPrefix(
                "The request was terminated because the namespace 'ns' is being throttled. Error code : 50009."
            ) == true
        )
        #expect(broker.namespace.hub("hub1")?.partition("0")?.summary(at: 0).eventCount == 0)
    }

    @Test("a receiver is served more slowly, and gets everything", .timeLimit(.minutes(1)))
    func slowReceiver() async throws {
        let broker = WireClient.makeBroker { $0.throughputUnits = 1 }
        let log = try #require(broker.namespace.hub("hub1")?.partition("0"))
        for _ in 0..<6_000 {
            try log.append(IncomingEvents(delivery: [0x00, 0x53, 0x75, 0xA0, 1, 1], messageFormat: 0), at: 1)
        }
        let client = try await WireClient.connected(broker)
        _ = try await client.attachReceiver("hub1/ConsumerGroups/$Default/Partitions/0")
        let start = ContinuousClock.now
        client.grant(6_000)
        for number in 0..<6_000 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
        // 4,096 at once, and the rest at 4,096 a second.
        #expect(ContinuousClock.now - start >= .milliseconds(400))
    }
}
