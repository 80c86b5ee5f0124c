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

/// Keys are the sequence numbers modulo three.
@Suite(.timeLimit(.minutes(5))) struct KeyedProcessorTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 30))
    let finished = Finished()

    /// What handlers have finished, in order.
    final class Finished: Sendable {
        private let state = Mutex<[Int64]>([])
        var numbers: [Int64] { state.withLock { $0 } }

        func note(_ number: Int64) {
            state.withLock { $0.append(number) }
        }
    }

    var done: [Int64] { finished.numbers }

    func withHost(
        concurrency: Int = 3,
        configure: (inout HostConfiguration) -> Void = { _ in },
        handler: @escaping KeyedProcessor.Handler,
        _ body: (EventProcessorHost) async throws -> Void
    ) async throws {
        var configuration = group.configuration("a")
        configure(&configuration)
        let host = EventProcessorHost(
            source: group.hub,
            leaseManager: group.leases,
            checkpointManager: group.checkpoints,
            configuration: configuration
        ) { _ in KeyedProcessor(concurrency: concurrency, key: { "\($0.sequenceNumber % 3)" }, handler: handler) }
        let run = Task { try await host.run() }
        try await body(host)
        host.shutDown()
        try await run.value
    }

    func isDone(_ count: Int) -> Bool { done.count >= count }

    func note(_ event: ReceivedEventData) { finished.note(event.sequenceNumber) }

    @Test func keysRunSideBySideAndEachInOrder() async throws {
        let running = Mutex((now: 0, most: 0))
        let allThree = Latch()
        try await withHost(
            handler: { event, _ in
                running.withLock { running in
                    running.now += 1
                    running.most = max(running.most, running.now)
                    if running.now == 3 { allThree.open() }
                }
                await allThree.wait()
                note(event)
                running.withLock { $0.now -= 1 }
            },
            { _ in try await group.until("all") { isDone(30) } }
        )
        #expect(running.withLock { $0.most } == 3)
        let order = done
        for key in 0..<3 as Range<Int64> {
            #expect(order.filter { $0 % 3 == key } == (0..<30).filter { $0 % 3 == key })
        }
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 29)
    }

    @Test func noMoreRunThanAllowed() async throws {
        let running = Mutex((now: 0, most: 0))
        try await withHost(
            concurrency: 2,
            handler: { event, _ in
                running.withLock { running in
                    running.now += 1
                    running.most = max(running.most, running.now)
                }
                await Task.yield()
                note(event)
                running.withLock { $0.now -= 1 }
            },
            { _ in try await group.until("all") { isDone(30) } }
        )
        #expect(running.withLock { $0.most } <= 2)
    }

    @Test func checkpointStopsBeforeTheGap() async throws {
        // Of the batch 0..<10 the event 4 fails for good; all others are done first.
        let gate = Latch()
        try await withHost(
            configure: { $0.failurePolicy = FailurePolicy { _ in .stop(for: nil) } },
            handler: { event, _ in
                if event.sequenceNumber == 4 {
                    await gate.wait()
                    throw TestFailure()
                }
                note(event)
                if isDone(8) { gate.open() }
            },
            { _ in try await group.until("given up") { group.leases.released == 1 } }
        )
        // The key of 4 has 1, 4 and 7.
        #expect(done.sorted() == [0, 1, 2, 3, 5, 6, 8, 9])
        #expect(
            group.checkpoints.writes.map(\.sequenceNumber) == [3],
            "up to the gap, though events behind it are done"
        )
    }

    @Test func onlyWhatFailedIsTriedAgain() async throws {
        let failures = Mutex(2)
        try await withHost(
            configure: { $0.failurePolicy = .retry(5, then: .skip) },
            handler: { event, _ in
                let fails = failures.withLock { left in
                    guard event.sequenceNumber == 4, left > 0 else { return false }
                    left -= 1
                    return true
                }
                if fails { throw TestFailure() }
                note(event)
            },
            { _ in try await group.until("all") { isDone(30) } }
        )
        #expect(done.sorted() == Array(0..<30), "each once")
    }

    @Test func onlyWhatFailedIsParked() async throws {
        let sink = MemorySink()
        try await withHost(
            configure: { $0.failurePolicy = FailurePolicy { _ in .park(sink) } },
            handler: { event, _ in
                if event.sequenceNumber == 4 || event.sequenceNumber == 17 { throw TestFailure() }
                note(event)
            },
            { host in
                try await group.until("all") { isDone(28) && sink.parked.count == 2 }
                try await group.until("counted") { await host.status().partitions.first?.parkedEvents == 2 }
            }
        )
        #expect(sink.parked.map { $0.events.map(\.sequenceNumber) } == [[4], [17]])
        #expect(done.sorted() == (0..<30).filter { $0 != 4 && $0 != 17 })
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 29)
    }

    @Test func cancelledCallIsAFailure() async throws {
        let overdue = Mutex<[Bool]>([])
        let hangs = Mutex(true)
        try await withHost(
            configure: {
                $0.handlerDeadline = .seconds(30)
                $0.failurePolicy = FailurePolicy { failure in
                    overdue.withLock { $0.append(failure.wasOverdue) }
                    return .retry
                }
            },
            handler: { event, _ in
                let isFirst = hangs.withLock { hangs in
                    guard event.sequenceNumber == 4 else { return false }
                    defer { hangs = false }
                    return hangs
                }
                if isFirst { try await Task.sleep(for: .seconds(3_600)) }
                note(event)
            },
            { _ in try await group.until("all") { isDone(30) } }
        )
        #expect(overdue.withLock { $0 } == [true])
        #expect(done.sorted() == Array(0..<30))
    }
}
