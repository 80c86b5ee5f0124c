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
import Testing

@testable import EventHubsProcessor

/// The checkpoint that stands for the initial position.
@Suite(.timeLimit(.minutes(5))) struct StartCheckpointTests {
    func properties(beginning: Int64, end: Int64, offset: String, isEmpty: Bool) -> PartitionProperties {
        PartitionProperties(
            eventHubName: "hub",
            id: "0",
            beginningSequenceNumber: beginning,
            lastEnqueuedSequenceNumber: end,
            lastEnqueuedOffset: offset,
            lastEnqueuedTime: nil,
            isEmpty: isEmpty
        )
    }

    func check(_ position: EventPosition, _ properties: PartitionProperties, _ offset: String, _ number: Int64) {
        let checkpoint = Checkpoint(before: position, in: properties)
        #expect(checkpoint == Checkpoint(partition: "0", offset: offset, sequenceNumber: number))
    }

    /// Lag as autoscalers reckon it: the last sequence number less the checkpoint's.
    @Test func namesThePlaceBeforeTheFirstEvent() {
        let full = properties(beginning: 100, end: 149, offset: "90210", isEmpty: false)
        check(.earliest, full, "-1", 99)
        check(.latest, full, "90210", 149)
        let new = properties(beginning: 0, end: -1, offset: "-1", isEmpty: true)
        check(.earliest, new, "-1", -1)
        check(.latest, new, "-1", -1)
        // Everything has expired: there is nothing before the end.
        let expired = properties(beginning: 150, end: 149, offset: "90210", isEmpty: true)
        check(.earliest, expired, "90210", 149)
        check(.latest, expired, "90210", 149)
    }

    @Test func otherPositionsAreNotGuessed() {
        let full = properties(beginning: 100, end: 149, offset: "90210", isEmpty: false)
        #expect(Checkpoint(before: .offset("5"), in: full) == nil)
        #expect(Checkpoint(before: .sequenceNumber(5), in: full) == nil)
        #expect(Checkpoint(before: .enqueuedTime(Timestamp(millisecondsSinceEpoch: 5)), in: full) == nil)
        let absurd = properties(beginning: .min, end: 149, offset: "90210", isEmpty: false)
        check(.earliest, absurd, "90210", 149)
    }

    func run(
        _ group: TestGroup,
        from position: EventPosition,
        _ policy: CheckpointPolicy = .every(.seconds(10)),
        _ body: () async throws -> Void
    ) async throws {
        let host = group.host {
            $0.initialPosition = { _ in position }
            $0.checkpointPolicy = policy
        }
        let run = Task { try await host.run() }
        try await body()
        host.shutDown()
        try await run.value
    }

    @Test func everyOwnedPartitionGetsOneAnEmptyOneToo() async throws {
        let group = TestGroup(FakeHub(partitions: 3))
        try await run(group, from: .earliest) {
            try await group.until("three") { group.checkpoints.writes.count == 3 }
        }
        #expect(group.checkpoints.writes.allSatisfy { $0.offset == "-1" && $0.sequenceNumber == -1 })
        // Whoever comes next begins where the first one began.
        group.hub.append(5, to: "1")
        try await run(group, from: .latest) {
            try await group.until("five") { group.hasProcessed(5, of: "1") }
        }
        #expect(group.journal.sequenceNumbers(of: "1") == Array(0..<5))
    }

    @Test func latestIsDecidedOnceForAllHosts() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        try await run(group, from: .latest) {
            try await group.until("one") { group.checkpoints.writes.map(\.sequenceNumber) == [29] }
        }
        #expect(group.checkpoints.writes.first?.offset == "29")
        group.hub.append(4, to: "0")
        try await run(group, from: .latest) {
            try await group.until("four") { group.hasProcessed(4, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == [30, 31, 32, 33], "what came between the two is not skipped")
    }

    @Test func whatIsThereIsLeftAlone() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        try await group.checkpoints.store(
            Checkpoint(partition: "0", offset: "9", sequenceNumber: 9),
            holding: try #require(try await group.leases.acquire(.unclaimed("0"), for: "a"))
        )
        try await run(group, from: .earliest) {
            try await group.until("twenty") { group.hasProcessed(20, of: "0") }
        }
        #expect(group.journal.sequenceNumbers(of: "0") == Array(10..<30))
    }

    @Test func explicitPolicyWritesNone() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 30))
        try await run(group, from: .earliest, .explicit) {
            try await group.until("all") { group.hasProcessed(30, of: "0") }
        }
        #expect(group.checkpoints.writes.isEmpty)
    }
}
