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
import Synchronization
import Testing

@testable import EventHubsProcessor

@Suite(.timeLimit(.minutes(5))) struct BatchLimitTests {
    @Test func prefixHasAsManyWholeEventsAsFit() {
        let batch = FakeReceiver.batch(0..<10)
        let size = batch[0].encodedSize
        #expect(batch.prefix(bytes: size * 3).map(\.sequenceNumber) == [0, 1, 2])
        #expect(batch.prefix(bytes: size * 4 - 1).map(\.sequenceNumber) == [0, 1, 2])
        #expect(batch.prefix(bytes: 1).map(\.sequenceNumber) == [0], "an event that is larger comes alone")
        #expect(batch.prefix(bytes: size * 10).count == 10)
        #expect(batch.dropFirst(8).prefix(bytes: size).map(\.sequenceNumber) == [8])
        #expect(EventBatch.empty.prefix(bytes: 1).isEmpty)
    }

    @Test func batchesAreCutByBytesAndNothingIsLost() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let size = FakeReceiver.batch(0..<1)[0].encodedSize
        let sizes = Mutex<[Int]>([])
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            sizes.withLock { $0.append(batch.byteCount) }
        })
        let host = group.host(behaviour: behaviour) { $0.maximumBatchBytes = size * 4 }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        host.shutDown()
        try await run.value
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30))
        #expect(sizes.withLock { $0.allSatisfy { $0 <= size * 4 } })
        #expect(sizes.withLock { $0.count } >= 9, "each read of ten is cut in three")
    }

    @Test func cutBatchThatFailsIsTriedAgainAndTheRestFollows() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let hasFailed = Mutex(false)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            let fails = hasFailed.withLock { hasFailed in
                defer { if batch.first?.sequenceNumber == 3 { hasFailed = true } }
                return batch.first?.sequenceNumber == 3 && !hasFailed
            }
            if fails { throw TestFailure() }
        })
        let size = FakeReceiver.batch(0..<1)[0].encodedSize
        let host = group.host(behaviour: behaviour) {
            $0.maximumBatchBytes = size * 3
            $0.failurePolicy = .retry(1, then: .skip)
        }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        host.shutDown()
        try await run.value
        #expect(hasFailed.withLock { $0 })
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30))
    }

    @Test func silenceIsNoBatchUnlessAskedFor() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        let empty = Mutex(0)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            if batch.isEmpty { empty.withLock { $0 += 1 } }
        })
        let host = group.host(behaviour: behaviour)
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(10, of: "0") }
        let later = group.clock.now.advanced(by: .seconds(300))
        try await group.until("long after") { group.clock.now > later }
        host.shutDown()
        try await run.value
        #expect(empty.withLock { $0 } == 0)
    }

    @Test func silenceIsNoProgress() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        let empty = Mutex(0)
        let behaviour = JournalProcessor.Behaviour(process: { batch, context in
            guard batch.isEmpty else { return }
            try await context.checkpoint()
            empty.withLock { $0 += 1 }
            try await Task.sleep(for: .milliseconds(1))
        })
        let host = group.host(behaviour: behaviour) {
            $0.maximumWait = .seconds(5)
            $0.checkpointPolicy = .explicit
        }
        let run = Task { try await host.run() }
        try await group.until("silence") { group.hasProcessed(10, of: "0") && empty.withLock { $0 } > 3 }
        #expect(await host.status().partitions.first?.processedEvents == 10)
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [9], "silence covers what was processed before it")
        host.shutDown()
        try await run.value
    }
}
