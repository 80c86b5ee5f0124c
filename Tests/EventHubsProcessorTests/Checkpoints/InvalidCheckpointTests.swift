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
import Logging
import Synchronization
import Testing

@testable import EventHubsProcessor

/// What a host does with a checkpoint that the service does not accept.
@Suite(.timeLimit(.minutes(5))) struct InvalidCheckpointTests {
    let group = TestGroup(FakeHub(partitions: 1, events: 30))

    func store(_ number: Int64, offset: String) async throws {
        try await group.checkpoints.store(
            Checkpoint(partition: "0", offset: offset, sequenceNumber: number),
            holding: try #require(try await group.leases.acquire(.unclaimed("0"), for: "a"))
        )
    }

    func withHost(
        _ policy: InvalidCheckpointPolicy,
        behaviour: JournalProcessor.Behaviour = .init(),
        _ body: () async throws -> Void
    ) async throws {
        let host = group.host(behaviour: behaviour) { $0.invalidCheckpointPolicy = policy }
        let run = Task { try await host.run() }
        try await body()
        host.shutDown()
        try await run.value
    }

    @Test func errorNamesTheCheckpointAndTheEnd() async throws {
        try await store(99, offset: "4096")
        let errors = Mutex<[EventProcessorError]>([])
        struct Failing: EventProcessor {
            let note: @Sendable (EventProcessorError) -> Void
            func process(_ events: EventBatch, in context: PartitionContext) async throws {}
            func failed(_ error: EventProcessorError, in context: PartitionContext) async { note(error) }
        }
        let host = EventProcessorHost(
            source: group.hub,
            leaseManager: group.leases,
            checkpointManager: group.checkpoints,
            configuration: group.configuration("a")
        ) { _ in Failing { error in errors.withLock { $0.append(error) } } }
        let run = Task { try await host.run() }
        try await group.until("reported") { errors.withLock { !$0.isEmpty } }
        host.shutDown()
        try await run.value
        let error = try #require(errors.withLock { $0.first })
        let underlying = try #require(error.underlying as? EventHubsError)
        #expect(underlying.code == .invalidPosition)
        for part in ["offset 4096", "sequence number 99", "offset 29", "sequence number 29", "invalidCheckpointPolicy"]
        {
            #expect(underlying.message.contains(part), "\(part) in: \(underlying.message)")
        }
    }

    @Test func goesOnBehindTheSequenceNumber() async throws {
        try await store(19, offset: "4096")
        try await withHost(.sequenceNumber) {
            try await group.until("the rest") { group.hasProcessed(10, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(20..<30))
        #expect(try await group.checkpoints.checkpoint(for: "0")?.offset == "29")
    }

    @Test func sequenceNumberThatIsInvalidTooForgetsNothing() async throws {
        try await store(99, offset: "4096")
        try await withHost(.sequenceNumber) {
            try await group.until("attempts") { group.hub.openings(of: "0").count >= 6 }
        }
        #expect(group.journal.sequenceNumbers(of: "0").isEmpty)
        #expect(try await group.checkpoints.checkpoint(for: "0")?.sequenceNumber == 99)
    }

    @Test func decisionHoldsUntilThereIsACheckpoint() async throws {
        try await store(99, offset: "4096")
        let failures = Mutex(2)
        let behaviour = JournalProcessor.Behaviour(process: { _, _ in
            let fails = failures.withLock { left in
                defer { left -= 1 }
                return left > 0
            }
            if fails { throw TestFailure() }
        })
        try await withHost(.latest, behaviour: behaviour) {
            try await group.until("decided") { group.hub.openings(of: "0").count == 2 }
            group.hub.append(5, to: "0")
            try await group.until("five") { group.hasProcessed(5, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(30..<35), "the initial position is not asked for")
    }
}
