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

@Suite(.timeLimit(.minutes(5))) struct SupervisionTests {
    @Test func linkThatIsSilentThoughEventsHaveComeIsAttachedAgain() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(10, of: "0") && group.hasProcessed(10, of: "1") }
        let deaf = try #require(group.hub.receiver(of: "0"))
        deaf.isDeaf = true
        group.hub.append(5, to: "0")
        try await group.until("the rest") { group.hasProcessed(15, of: "0") }
        #expect(deaf.isClosed)
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<15))
        #expect(group.journal.failures == [.receiveFailed], "and it is reported")
        #expect(group.hub.openings(of: "0") == [.earliest, .offset("9")])
        let later = group.clock.now.advanced(by: .seconds(1_000))
        try await group.until("long after") { group.clock.now > later }
        #expect(group.hub.openings(of: "1").count == 1, "a link with nothing to bring stays")
        host.shutDown()
        try await run.value
        #expect(group.journal.closeReasons(of: "0") == [.shutdown], "the processor stays")
    }

    @Test func lagIsKnownWithoutTracking() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let gate = Latch()
        let host = group.host(
            behaviour: .init(process: { batch, _ in if batch.first?.sequenceNumber == 10 { await gate.wait() } })
        )
        let run = Task { try await host.run() }
        try await group.until("known") { await host.status().partitions.first?.lag == 20 }
        let status = try #require(await host.status().partitions.first)
        #expect(status.lastEnqueuedSequenceNumber == 29)
        #expect(status.lagTime == .milliseconds(20))
        gate.open()
        try await group.until("none") { await host.status().partitions.first?.lag == 0 }
        host.shutDown()
        try await run.value
    }

    @Test func endIsNotAskedForWhenThatIsSwitchedOff() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let host = group.host { $0.endCheckInterval = nil }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        let later = group.clock.now.advanced(by: .seconds(500))
        try await group.until("long after") { group.clock.now > later }
        #expect(await host.status().partitions.first?.lag == nil)
        host.shutDown()
        try await run.value
    }

    /// Everything fails by turns, for long, and `run` returns only when it is told to.
    @Test func nothingEndsTheHostButItsStop() async throws {
        let group = TestGroup(FakeHub(partitions: 3, events: 40))
        let calls = Mutex(0)
        let isCalm = Latch()
        @Sendable func failNowAndThen() throws {
            let number = calls.withLock { calls in
                calls += 1
                return calls
            }
            if !isCalm.isOpen, number % 3 == 0 { throw TestFailure() }
        }
        let behaviour = JournalProcessor.Behaviour(
            open: { _ in try failNowAndThen() },
            process: { _, _ in try failNowAndThen() },
            close: { _, _ in try failNowAndThen() }
        )
        let actions = Mutex(0)
        let host = group.host(behaviour: behaviour) {
            $0.partitionRefreshInterval = .seconds(20)
            $0.failurePolicy = FailurePolicy { _ in
                let number = actions.withLock { actions in
                    actions += 1
                    return actions
                }
                return switch number % 4 {
                case 0: .restart
                case 1: .retry
                case 2: .park(MemorySink(failures: 1))
                default: .stop(for: .seconds(5))
                }
            }
        }
        let hasReturned = Latch()
        let run = Task {
            defer { hasReturned.open() }
            return try await host.run()
        }
        try await group.until("it runs") { await !host.status().partitions.isEmpty }
        for round in 0..<12 {
            group.leases.fault = [.none, .fails, .hangs, .none][round % 4]
            group.checkpoints.isFailing = round % 3 == 1
            group.hub.state.withLock { state in
                state.openError =
                    round % 4 == 2 ? EventHubsError(.connectionLost, "no way there", retryAdvice: .later) : nil
            }
            if round % 5 == 0 {
                group.hub.receiver(of: "1")?.fail(EventHubsError(.connectionLost, "gone", retryAdvice: .later))
            }
            if round % 5 == 3, let receiver = group.hub.receiver(of: "2") {
                receiver.fail(EventHubsError(.ownershipLost, "stolen"))
            }
            let later = group.clock.now.advanced(by: .seconds(30))
            try await group.until("some time") { group.clock.now > later }
        }
        group.leases.fault = .none
        group.checkpoints.isFailing = false
        group.hub.state.withLock { $0.openError = nil }
        isCalm.open()
        try await group.until("everything is processed in the end") {
            (0..<3).allSatisfy { group.hasProcessed(40, of: PartitionID("\($0)")) }
        }
        #expect(!hasReturned.isOpen)
        host.shutDown()
        try await run.value
        // None is skipped: each run of numbers begins at or before the one expected next.
        for partition in try await group.hub.partitions() {
            var next = 0
            for number in group.journal.sequenceNumbers(of: partition) {
                #expect(number <= next)
                next = max(next, number + 1)
            }
        }
    }

    @Test func lossIsSeenInTheLeasesThoughTheHostsCannotBeListed() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        // A checkpoint would be refused, and tell too.
        let host = group.host { $0.checkpointPolicy = .explicit }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        group.leases.failing = [.hosts, .renew]
        let lease = try #require(try await group.leases.leases().first)
        _ = try #require(try await group.leases.acquire(lease, for: "thief"))
        try await group.until("lost") { group.journal.closeReasons(of: "0") == [.leaseLost] }
        host.shutDown()
        try await run.value
    }

    @Test func contextOfAFormerHoldWritesNothingAfterThePartitionHasComeBack() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        let contexts = Mutex<[PartitionContext]>([])
        let behaviour = JournalProcessor.Behaviour(open: { context in contexts.withLock { $0.append(context) } })
        let host = group.host(behaviour: behaviour) { $0.checkpointPolicy = .explicit }
        let run = Task { try await host.run() }
        try await group.until("all") { group.hasProcessed(30, of: "0") }
        let lease = try #require(try await group.leases.leases().first)
        let stolen = try #require(try await group.leases.acquire(lease, for: "thief"))
        try await group.until("lost") { group.journal.closeReasons(of: "0") == [.leaseLost] }
        try await group.leases.release(stolen)
        try await group.until("back") { contexts.withLock { $0.count } == 2 }
        let former = try #require(contexts.withLock { $0.first })
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) { try await former.checkpoint() }
        #expect(group.checkpoints.writes.isEmpty)
        host.shutDown()
        try await run.value
    }
}
