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

@Suite(.timeLimit(.minutes(5))) struct CheckpointWriterTests {
    let clock = TestClock()
    let store = FaultyCheckpointManager(InMemoryCheckpointManager())
    let lease = Lease(partition: "0", owner: "a", token: "", epoch: 1, expiry: nil)

    func writer() -> CheckpointWriter {
        CheckpointWriter(manager: store, deadline: .seconds(15), clock: ProcessorClock(clock))
    }

    func checkpoint(_ number: Int64) -> Checkpoint {
        Checkpoint(partition: "0", offset: String(number), sequenceNumber: number)
    }

    /// Stores these while the first is held up, and returns when all are done.
    func store(_ numbers: [Int64], by writer: CheckpointWriter) async throws {
        let gate = Latch()
        store.writesWaitFor = gate
        let lease = lease
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, number) in numbers.enumerated() {
                let checkpoint = checkpoint(number)
                group.addTask { try await writer.store(checkpoint) { lease } }
                try await eventually("it waits or writes") { await writer.pending == index + 1 }
            }
            gate.open()
            try await group.waitForAll()
        }
    }

    @Test func newestOfThoseThatWaitStandsForAll() async throws {
        try await store([1, 2, 5, 3, 4], by: writer())
        #expect(store.writes.map(\.sequenceNumber) == [1, 5])
    }

    @Test func whatWaitsIsRefusedWhenTheLeaseIsLostMeanwhile() async throws {
        let (writer, gate, isLost) = (writer(), Latch(), Latch())
        store.writesWaitFor = gate
        let (lease, first, second) = (lease, checkpoint(1), checkpoint(2))
        let writing = Task { try await writer.store(first) { lease } }
        try await eventually("it writes") { await writer.pending == 1 }
        let waiting = Task {
            try await writer.store(second) {
                if isLost.isOpen { throw EventProcessorError(.leaseLost, message: "") }
                return lease
            }
        }
        try await eventually("it waits") { await writer.pending == 2 }
        isLost.open()
        gate.open()
        try await writing.value
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) { try await waiting.value }
        #expect(store.writes.map(\.sequenceNumber) == [1])
    }

    @Test func writeThatHangsEndsAtItsDeadlineAndTheNextOneGoesOn() async throws {
        let (writer, gate) = (writer(), Latch())
        store.writesWaitFor = gate
        let (lease, first) = (lease, checkpoint(1))
        let writing = Task { try await writer.store(first) { lease } }
        try await eventually("its deadline runs") { clock.sleeperCount == 1 }
        clock.advance(by: .seconds(15))
        await #expect(throws: DeadlineExceeded.self) { try await writing.value }
        store.writesWaitFor = nil
        try await writer.store(checkpoint(2)) { lease }
        #expect(await writer.stored?.sequenceNumber == 2)
        gate.open()
    }
}
