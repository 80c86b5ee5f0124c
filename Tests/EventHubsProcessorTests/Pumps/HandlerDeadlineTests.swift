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

@Suite(.timeLimit(.minutes(5))) struct HandlerDeadlineTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 30))

    @Test func overdueCallIsCancelledAndFails() async throws {
        let failures = Mutex<[BatchFailure]>([])
        let isFirst = Mutex(true)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            guard batch.first?.sequenceNumber == 10 else { return }
            let hangs = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if hangs { try await Task.sleep(for: .seconds(3_600)) }
        })
        let host = group.host(behaviour: behaviour) {
            $0.handlerDeadline = .seconds(40)
            $0.failurePolicy = FailurePolicy { failure in
                failures.withLock { $0.append(failure) }
                return .retry
            }
        }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        let failure = try #require(failures.withLock { $0.first })
        #expect(failure.wasOverdue)
        #expect(failure.error is CancellationError)
        #expect(failure.events.map(\.sequenceNumber) == Array(10..<20))
        #expect(failures.withLock { $0.count } == 1)
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30))
        host.shutDown()
        try await run.value
        #expect(group.journal.closeReasons(of: "0") == [.shutdown], "the processor stays")
    }

    @Test func callThatCopesWithItsCancellationHasProcessedItsBatch() async throws {
        let cancelled = Mutex<[Int64]>([])
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            if batch.first?.sequenceNumber == 10 { try? await Task.sleep(for: .seconds(3_600)) }
            if Task.isCancelled, let first = batch.first { cancelled.withLock { $0.append(first.sequenceNumber) } }
        })
        let host = group.host(behaviour: behaviour) { $0.handlerDeadline = .seconds(40) }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        #expect(cancelled.withLock { $0 } == [10], "the cancellation is that call's alone")
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30))
        #expect(group.journal.failures.isEmpty)
        host.shutDown()
        try await run.value
    }

    @Test func callThatIgnoresItsCancellationIsGivenUp() async throws {
        let gate = Latch()
        let kept = Mutex<PartitionContext?>(nil)
        let behaviour = JournalProcessor.Behaviour(process: { batch, context in
            guard batch.first?.sequenceNumber == 10 else { return }
            kept.withLock { $0 = context }
            await gate.wait()
        })
        let host = group.host("a", behaviour: behaviour) {
            $0.handlerDeadline = .seconds(40)
            $0.handlerGracePeriod = .seconds(20)
        }
        let run = Task { try await host.run() }
        try await group.until("released") { group.leases.released == 1 }
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 9, "nothing of its batch is stored")
        let context = try #require(kept.withLock { $0 })
        await #expect(throws: EventProcessorError(.partitionClosed, message: "")) { try await context.checkpoint() }
        // This host stays away while the call goes on, though nobody else wants the partition.
        let acquired = group.leases.acquired
        let later = group.clock.now.advanced(by: .seconds(300))
        try await group.until("long after") { group.clock.now > later }
        #expect(group.leases.acquired == acquired)
        // Another host may have it.
        let other = group.host("b")
        let otherRun = Task { try await other.run() }
        try await group.until("the other one") { group.hasProcessed(30, of: "0") }
        #expect(group.journal.entries(of: "0").last == .processed("0", "b", 20..<30))
        gate.open()
        try await group.until("closed") { group.journal.closeReasons(of: "0") == [.givenUp] }
        for host in [host, other] { host.shutDown() }
        try await run.value
        try await otherRun.value
    }
}
