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

/// Keeps what is parked; fails as often as it is told to.
final class MemorySink: DeadLetterSink {
    private let state = Mutex((parked: [BatchFailure](), failures: 0))

    init(failures: Int = 0) {
        state.withLock { $0.failures = failures }
    }

    var parked: [BatchFailure] { state.withLock { $0.parked } }

    func park(_ failure: BatchFailure) async throws {
        try state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw TestFailure()
            }
            state.parked.append(failure)
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct FailurePolicyTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 50))

    /// Fails for the batch 10..<20 as often as it is told to.
    static func failing(_ times: Int = .max) -> JournalProcessor.Behaviour {
        let left = Mutex(times)
        return JournalProcessor.Behaviour(process: { batch, _ in
            let isLeft = left.withLock { left in
                guard batch.first?.sequenceNumber == 10, left > 0 else { return false }
                left -= 1
                return true
            }
            if isLeft { throw TestFailure() }
        })
    }

    func withHost(
        behaviour: JournalProcessor.Behaviour,
        configure: (inout HostConfiguration) -> Void,
        _ body: (EventProcessorHost) async throws -> Void
    ) async throws {
        let host = group.host(behaviour: behaviour, configure: configure)
        let run = Task { try await host.run() }
        try await body(host)
        host.shutDown()
        try await run.value
    }

    @Test func retryCallsTheSameProcessorWithTheSameBatch() async throws {
        try await withHost(
            behaviour: Self.failing(3),
            configure: { $0.failurePolicy = .retry(3, then: .skip) },
            { _ in try await group.until("all") { group.hasProcessed(50, of: "0") } }
        )
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<50), "none skipped, none twice")
        #expect(group.journal.closeReasons(of: "0") == [.shutdown], "the processor stays")
        #expect(group.journal.failures == [.processorFailed, .processorFailed, .processorFailed])
        #expect(group.hub.openings(of: "0") == [.earliest], "the receiver stays")
    }

    @Test func retriesBackOffEverLonger() async throws {
        let times = Mutex<[ContinuousClock.Instant]>([])
        let clock = group.clock
        let behaviour = JournalProcessor.Behaviour(process: { _, _ in
            times.withLock { $0.append(clock.now) }
            throw TestFailure()
        })
        try await withHost(
            behaviour: behaviour,
            configure: { $0.failurePolicy = FailurePolicy { _ in .retry } },
            { _ in try await group.until("attempts") { times.withLock { $0.count } >= 5 } }
        )
        let instants = times.withLock { $0 }
        let pauses = zip(instants, instants.dropFirst()).map { $0.duration(to: $1) }
        for (pause, least) in zip(pauses, [1, 2, 4, 8]) { #expect(pause >= .seconds(least)) }
    }

    @Test func afterRetriesTheBatchIsParkedAndTheProcessorGoesOn() async throws {
        let sink = MemorySink()
        try await withHost(
            behaviour: Self.failing(),
            configure: { $0.failurePolicy = .retry(2, then: .park(sink)) },
            { host in
                try await group.until("the rest") { group.hasProcessed(40, of: "0") }
                #expect(await host.status().partitions.first?.parkedEvents == 10)
                #expect(await host.status().partitions.first?.processedEvents == 40)
            }
        )
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<10) + Array(20..<50))
        #expect(group.journal.closeReasons(of: "0") == [.shutdown])
        let failure = try #require(sink.parked.first)
        #expect(sink.parked.count == 1)
        #expect(failure.events.map(\.sequenceNumber) == Array(10..<20))
        #expect(failure.failures == 3)
        #expect(failure.error is TestFailure)
        #expect(failure.partition == "0" && failure.host == "a" && failure.eventHub == "hub")
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 49)
    }

    @Test func sinkThatFailsSkipsNothing() async throws {
        let sink = MemorySink(failures: 2)
        try await withHost(
            behaviour: Self.failing(),
            configure: { $0.failurePolicy = FailurePolicy { _ in .park(sink) } },
            { _ in try await group.until("the rest") { group.hasProcessed(40, of: "0") } }
        )
        #expect(sink.parked.map(\.failures) == [3], "the batch was tried again each time")
        #expect(
            group.journal.failures == [
                .processorFailed, .parkingFailed, .processorFailed, .parkingFailed, .processorFailed,
            ]
        )
    }

    @Test func skippedEventsAreCountedAndTheProcessorGoesOn() async throws {
        let memory = MemoryMetrics()
        try await withHost(
            behaviour: Self.failing(),
            configure: {
                $0.failurePolicy = FailurePolicy { _ in .skip }
                $0.metricsFactory = memory
            },
            { host in
                try await group.until("the rest") { group.hasProcessed(40, of: "0") }
                #expect(await host.status().partitions.first?.skippedEvents == 10)
            }
        )
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<10) + Array(20..<50))
        let name = "messaging.eventhubs.processor.messages.set_aside"
        #expect(memory.total(name, ["outcome": "skipped"]) == 10)
        #expect(memory.total(name, ["outcome": "parked"]) == 0)
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 49)
    }

    @Test func stopGivesThePartitionUpForTheTime() async throws {
        let closed = Mutex<ContinuousClock.Instant?>(nil)
        let clock = group.clock
        var behaviour = Self.failing(1)
        behaviour.close = { _, reason in
            if reason == .givenUp { closed.withLock { $0 = clock.now } }
        }
        try await withHost(
            behaviour: behaviour,
            configure: { $0.failurePolicy = FailurePolicy { _ in .stop(for: .seconds(500)) } },
            { host in
                try await group.until("released") { group.leases.released == 1 }
                #expect(await host.status().partitions.isEmpty)
                #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
                #expect(
                    try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 9,
                    "what was done is stored"
                )
                try await group.until("taken up again") { group.hasProcessed(50, of: "0") }
                let end = try #require(closed.withLock { $0 }).advanced(by: .seconds(500))
                #expect(clock.now >= end)
            }
        )
        #expect(group.journal.closeReasons(of: "0") == [.givenUp, .shutdown])
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<50))
    }

    @Test func anotherHostMayHaveWhatWasGivenUp() async throws {
        let first = group.host("a", behaviour: Self.failing(1)) {
            $0.failurePolicy = FailurePolicy { _ in .stop(for: nil) }
        }
        let firstRun = Task { try await first.run() }
        try await group.until("given up") { group.journal.closeReasons(of: "0") == [.givenUp] }
        let second = group.host("b")
        let secondRun = Task { try await second.run() }
        try await group.until("the other one") { group.hasProcessed(50, of: "0") }
        #expect(group.journal.entries(of: "0").last == .processed("0", "b", 40..<50))
        for host in [first, second] { host.shutDown() }
        try await firstRun.value
        try await secondRun.value
    }

    @Test func failuresAreCountedOverRestarts() async throws {
        let counts = Mutex<[Int]>([])
        try await withHost(
            behaviour: Self.failing(4),
            configure: {
                $0.failurePolicy = FailurePolicy { failure in
                    counts.withLock { $0.append(failure.failures) }
                    return .restart
                }
            },
            { _ in try await group.until("all") { group.hasProcessed(50, of: "0") } }
        )
        #expect(counts.withLock { $0 } == [1, 2, 3, 4])
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<50))
    }
}
