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

@Suite(.timeLimit(.minutes(5))) struct PartitionPumpTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 30))

    /// Runs a host of the one partition while the body runs.
    func withHost(
        behaviour: JournalProcessor.Behaviour = .init(),
        configure: (inout HostConfiguration) -> Void = { _ in },
        _ body: (EventProcessorHost) async throws -> Void
    ) async throws {
        let host = group.host(behaviour: behaviour, configure: configure)
        let run = Task { try await host.run() }
        try await body(host)
        host.shutDown()
        try await run.value
    }

    @Test func failedBatchIsDeliveredAgainFromTheCheckpoint() async throws {
        let failures = Mutex(0)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            guard batch.first?.sequenceNumber == 10,
                failures.withLock({
                    $0 += 1; return $0
                }) <= 3
            else { return }
            throw TestFailure()
        })
        try await withHost(behaviour: behaviour) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30), "none skipped, none twice")
        #expect(group.journal.failures == [.processorFailed, .processorFailed, .processorFailed])
        #expect(
            group.journal.closeReasons(of: "0") == [.processorFailed, .processorFailed, .processorFailed, .shutdown]
        )
        #expect(group.hub.openings(of: "0") == [.earliest, .offset("9"), .offset("9"), .offset("9")])
    }

    @Test func withoutCheckpointsAFailureStartsOver() async throws {
        let hasFailed = Mutex(false)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            guard batch.first?.sequenceNumber == 10,
                !hasFailed.withLock({
                    let was = $0; $0 = true; return was
                })
            else {
                return
            }
            throw TestFailure()
        })
        try await withHost(behaviour: behaviour, configure: { $0.checkpointPolicy = .explicit }) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<10) + Array(0..<30))
        #expect(group.checkpoints.writes.isEmpty)
    }

    @Test func poisonBacksOffEverLonger() async throws {
        let attempts = Mutex<[ContinuousClock.Instant]>([])
        let clock = group.clock
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            guard batch.first?.sequenceNumber == 10 else { return }
            attempts.withLock { $0.append(clock.now) }
            throw TestFailure()
        })
        try await withHost(behaviour: behaviour) { _ in
            try await group.until("attempts") { attempts.withLock { $0.count } >= 6 }
        }
        let times = attempts.withLock { $0 }
        let pauses = zip(times, times.dropFirst()).map { $0.duration(to: $1) }
        for (pause, least) in zip(pauses, [1, 2, 4, 8, 8]) { #expect(pause >= .seconds(least)) }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<10), "what comes after the poison is not processed")
    }

    @Test func failureToOpenIsTriedAgain() async throws {
        let failures = Mutex(0)
        let behaviour = JournalProcessor.Behaviour(open: { _ in
            if failures.withLock({
                $0 += 1; return $0
            }) <= 2 {
                throw TestFailure()
            }
        })
        try await withHost(behaviour: behaviour) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.journal.closeReasons(of: "0") == [.shutdown], "what was not opened is not closed")
    }

    /// `.latest` is one place for as long as the host holds the partition: what comes between a loss and the next opening is not
    /// skipped, nor is a batch that failed before there was a checkpoint.
    @Test func latestStaysWhereItWas() async throws {
        let hasFailed = Mutex(false)
        let behaviour = JournalProcessor.Behaviour(process: { _, _ in
            let isFirst = hasFailed.withLock { hasFailed in
                defer { hasFailed = true }
                return !hasFailed
            }
            if isFirst { throw TestFailure() }
        })
        let configure: (inout HostConfiguration) -> Void = { configuration in
            configuration.checkpointPolicy = .explicit
            configuration.initialPosition = { _ in .latest }
        }
        try await withHost(behaviour: behaviour, configure: configure) { _ in
            try await group.until("open") { group.hub.openings(of: "0").count == 1 }
            group.hub.state.withLock { $0.logs["0", default: 0] += 2 }
            group.hub.receiver(of: "0")?.fail(EventHubsError(.connectionLost, "gone", retryAdvice: .later))
            try await group.until("all") { group.hasProcessed(2, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == [30, 31])
        #expect(Set(group.hub.openings(of: "0")) == [.offset("29")])
    }

    @Test func lostReceiverIsOpenedAgainWhereTheProcessorStands() async throws {
        try await withHost(configure: { $0.checkpointPolicy = .explicit }) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
            group.hub.receiver(of: "0")?.fail(EventHubsError(.connectionLost, "gone", retryAdvice: .later))
            try await group.until("reopened") { group.hub.openings(of: "0").count == 2 }
            group.hub.append(5, to: "0")
            try await group.until("more") { group.hasProcessed(35, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<35))
        #expect(group.journal.entries.filter { $0 == .opened("0", "a") }.count == 1, "the processor stays")
        #expect(group.journal.failures == [.receiveFailed])
        #expect(group.hub.openings(of: "0") == [.earliest, .offset("29")])
    }

    @Test func openingIsTriedAgainForAsLongAsItTakes() async throws {
        group.hub.state.withLock { $0.openError = EventHubsError(.serverBusy, "busy", retryAdvice: .later) }
        try await withHost { _ in
            try await group.until("attempts") { group.hub.openings(of: "0").count >= 4 }
            group.hub.state.withLock { $0.openError = nil }
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.journal.failures.allSatisfy { $0 == .receiveFailed })
    }

    @Test func invalidCheckpointWaitsForADecision() async throws {
        try await group.checkpoints.store(
            Checkpoint(partition: "0", offset: "99", sequenceNumber: 99),
            holding: try #require(try await group.leases.acquire(.unclaimed("0"), for: "a"))
        )
        try await withHost { _ in
            try await group.until("attempts") { group.hub.openings(of: "0").count >= 3 }
        }
        #expect(Set(group.hub.openings(of: "0")) == [.offset("99")])
        #expect(Set(group.journal.failures) == [.receiveFailed])
        try await withHost(configure: { $0.invalidCheckpointPolicy = .earliest }) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 29)
    }

    @Test func unreadableCheckpointIsNoReasonToStartOver() async throws {
        group.checkpoints.isFailing = true
        try await withHost { host in
            try await group.until("waiting") { await host.status().partitions.first?.phase == .backingOff }
            #expect(group.hub.openings(of: "0").isEmpty)
            group.checkpoints.isFailing = false
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
    }

    @Test func stolenLinkStopsDispatchAtOnceAndDropsTheBuffer() async throws {
        let (inHand, gate) = (Latch(), Latch())
        let kept = Mutex<PartitionContext?>(nil)
        let behaviour = JournalProcessor.Behaviour(process: { batch, context in
            guard batch.first?.sequenceNumber == 10 else { return }
            kept.withLock { $0 = context }
            inHand.open()
            await gate.wait()
        })
        try await withHost(behaviour: behaviour) { host in
            try await group.until("in hand") { inHand.isOpen }
            let lease = try #require(try await group.leases.leases().first)
            _ = try await group.leases.acquire(lease, for: "thief")
            try await group.until("noticed") { await host.status().partitions.first?.phase == .closing }
            let context = try #require(kept.withLock { $0 })
            await #expect(throws: EventProcessorError(.leaseLost, message: "")) { try await context.checkpoint() }
            gate.open()
            try await group.until("closed") { group.journal.closeReasons(of: "0") == [.leaseLost] }
            // Leave the partition to the thief.
            host.shutDown()
        }
        #expect(group.journal.sequenceNumbers(of: "0").prefix(20) == Array(0..<20)[...])
        #expect(try await group.checkpoints.checkpoint(for: "0").map { ($0.sequenceNumber ?? 0) < 19 } ?? true)
    }

    @Test func receiverCutOffByTheServiceClosesWithLeaseLost() async throws {
        try await withHost(configure: {
            $0.updateInterval = .seconds(10_000); $0.leaseDuration = .seconds(30_000)
        }) { host in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
            _ = try await group.hub.openPartition("0", from: .latest, options: PartitionOptions(ownerLevel: 0))
            try await group.until("closed") { group.journal.closeReasons(of: "0") == [.leaseLost] }
            #expect(group.hub.receiver(of: "0")?.isClosed == false, "the thief's receiver stays")
            #expect(group.leases.released == 0, "what was taken is not given back")
        }
        #expect(group.journal.failures.isEmpty, "being robbed is no failure")
    }

    @Test func intervalPolicyWritesOncePerIntervalAndOnlyProgress() async throws {
        try await withHost { _ in
            try await group.until("first") { group.checkpoints.writes.count == 1 }
            let later = group.clock.now.advanced(by: .seconds(60))
            try await group.until("idle") { group.clock.now > later }
            #expect(group.checkpoints.writes.map(\.sequenceNumber) == [29])
            group.hub.append(1, to: "0")
            try await group.until("second") { group.checkpoints.writes.count == 2 }
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [29, 30])
    }

    @Test func explicitCheckpointsGoForwardOnly() async throws {
        let behaviour = JournalProcessor.Behaviour(process: { batch, context in
            guard let first = batch.first, let last = batch.last else { return }
            try await context.checkpoint(last)
            try await context.checkpoint(first)
            try await context.checkpoint()
        })
        try await withHost(behaviour: behaviour, configure: { $0.checkpointPolicy = .explicit }) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [9, 19, 29])
    }

    @Test func failedBatchIsNotCoveredByACheckpointInClose() async throws {
        let behaviour = JournalProcessor.Behaviour(
            process: { batch, _ in if batch.first?.sequenceNumber == 10 { throw TestFailure() } },
            close: { context, _ in try await context.checkpoint() }
        )
        try await withHost(behaviour: behaviour, configure: { $0.checkpointPolicy = .explicit }) { _ in
            try await group.until("closed") { !group.journal.closeReasons(of: "0").isEmpty }
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [9])
    }

    @Test func lastCheckpointMayBeWrittenInClose() async throws {
        let behaviour = JournalProcessor.Behaviour(close: { context, _ in try await context.checkpoint() })
        let kept = Mutex<PartitionContext?>(nil)
        var noting = behaviour
        noting.open = { context in kept.withLock { $0 = context } }
        try await withHost(behaviour: noting, configure: { $0.checkpointPolicy = .explicit }) { _ in
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.checkpoints.writes.map(\.sequenceNumber) == [29])
        let context = try #require(kept.withLock { $0 })
        await #expect(throws: EventProcessorError(.partitionClosed, message: "")) { try await context.checkpoint() }
    }

    @Test func silenceIsReportedOnlyWhenAskedFor() async throws {
        let silences = Mutex(0)
        let behaviour = JournalProcessor.Behaviour(process: { batch, _ in
            if batch.isEmpty {
                silences.withLock { $0 += 1 }
                try await Task.sleep(for: .milliseconds(1))
            }
        })
        try await withHost(behaviour: behaviour, configure: { $0.maximumWait = .seconds(5) }) { _ in
            try await group.until("silence") { silences.withLock { $0 } > 3 }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<30))
    }
}
