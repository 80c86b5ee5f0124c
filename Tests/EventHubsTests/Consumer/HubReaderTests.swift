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

import Synchronization
import Testing

@testable import EventHubs

@Suite("Reading a whole hub", .timeLimit(.minutes(2)))
struct HubReaderTests {
    @Test("Partition growth noticed: a new partition is read from its beginning, beside the others")
    func growth() async throws {
        let time = TestTime()
        let opened = Mutex<[PartitionID: EventPosition]>([:])
        let reader = HubReader(
            list: { () async throws(EventHubsError) in ["0", "1"] },
            open: { id, position async throws(EventHubsError) in
                opened.withLock { $0[id] = position }
                return Self.receiver(id, time, .events(id == "0" ? 0...1 : 5...6))
            },
            sleep: time.environment.sleep,
            logger: nil
        )
        let run = Task { await reader.run(["0"], from: .latest) }
        let first = try await reader.exchange.next()
        #expect(first.partitionID == "0")
        #expect(first.events.map(\.sequenceNumber) == [0, 1])
        await time.waitUntilSlept(1)
        time.advance(by: HubReader.growthInterval)
        let second = try await reader.exchange.next()
        #expect(second.partitionID == "1")
        #expect(second.events.map(\.sequenceNumber) == [5, 6])
        #expect(opened.withLock { $0 } == ["0": .latest, "1": .earliest])
        run.cancel()
        await run.value
    }

    @Test("What ends one partition is thrown, after what has been received")
    func failure() async throws {
        let time = TestTime()
        let reader = HubReader(
            list: { () async throws(EventHubsError) in ["0"] },
            open: { id, _ async throws(EventHubsError) in
                Self.receiver(id, time, .events(0...0), .fail(EventHubsError(.ownershipLost, "stolen")))
            },
            sleep: time.environment.sleep,
            logger: nil
        )
        let run = Task { await reader.run(["0"], from: .earliest) }
        #expect(try await reader.exchange.next().events.count == 1)
        await #expect(throws: EventHubsError(.ownershipLost, "")) { _ = try await reader.exchange.next() }
        run.cancel()
        await run.value
    }

    @Test("Who is cancelled while waiting has lost nothing")
    func cancellation() async throws {
        let exchange = BatchExchange()
        let waiting = Task { try await exchange.next() }
        waiting.cancel()
        await #expect(throws: EventHubsError(.cancelled, "")) { _ = try await waiting.value }
        let offer = Task { await exchange.offer(.init(partitionID: "0", events: ScriptedLink.batch(3...3))) }
        #expect(try await exchange.next().events.first?.sequenceNumber == 3)
        #expect(await offer.value)
        let withdrawn = Task { await exchange.offer(.init(partitionID: "0", events: ScriptedLink.batch(4...4))) }
        withdrawn.cancel()
        #expect(await !withdrawn.value)
    }

    private static func receiver(_ id: PartitionID, _ time: TestTime, _ steps: ScriptedLink.Step...)
        -> PartitionReceiver
    {
        PartitionReceiver(
            partitionID: id,
            eventHub: "hub1",
            link: ScriptedLink(steps),
            position: .earliest,
            recovery: LinkRecovery(.none, environment: time.environment)
        ) { _ async throws(EventHubsError) in throw EventHubsError(.closed, "no other link") }
    }
}
