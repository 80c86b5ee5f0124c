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
import EventHubsEmulator
import Testing

@Suite("Positions against the emulator", .timeLimit(.minutes(1)))
struct PositionTests {
    private func numbers(_ position: EventPosition, _ consumer: EventHubConsumer) async throws -> [Int64] {
        try await consumer.withPartition("0", from: position) { events in
            try await events.receiver.take(100, patience: .seconds(2)).map(\.sequenceNumber)
        }
    }

    @Test("Earliest, offsets and sequence numbers, exclusive and inclusive, and times")
    func positions() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 5)
            let consumer = try emulator.makeConsumer()
            let events = try await consumer.withPartition("0", from: .earliest) { try await $0.receiver.take(5) }
            #expect(events.map(\.sequenceNumber) == [0, 1, 2, 3, 4])
            let third = events[2].offset
            #expect(try await numbers(.offset(third), consumer) == [3, 4])
            #expect(try await numbers(.offset(third, inclusive: true), consumer) == [2, 3, 4])
            #expect(try await numbers(.sequenceNumber(2), consumer) == [3, 4])
            #expect(try await numbers(.sequenceNumber(2, inclusive: true), consumer) == [2, 3, 4])
            #expect(try await numbers(.sequenceNumber(4), consumer) == [])
            let before = Timestamp(millisecondsSinceEpoch: events[0].enqueuedTime.millisecondsSinceEpoch - 1)
            #expect(try await numbers(.enqueuedTime(before), consumer) == [0, 1, 2, 3, 4])
            #expect(try await numbers(.enqueuedTime(events[4].enqueuedTime), consumer) == [])
            await consumer.close()
        }
    }

    @Test("Latest means what comes after opening, in a used and in an empty partition", arguments: [0, 3])
    func latest(existing: Int) async throws {
        try await withHub { emulator in
            if existing > 0 { try await emulator.fill("0", count: existing) }
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .latest)
            #expect(try await receiver.nextBatch(maximumWait: .milliseconds(100))?.isEmpty == true)
            try await emulator.fill("0", count: 2)
            #expect(try await receiver.take(2).map(\.sequenceNumber) == [Int64(existing), Int64(existing) + 1])
            await consumer.close()
        }
    }

    @Test(
        "A position before the oldest event begins with that; the last event, and a time behind it, wait for the next"
    )
    func outOfRange() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        configuration.retainedBytesPerPartition = 64 * 1024
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let producer = try emulator.makeProducer()
            for _ in 0..<20 {
                try await producer.send([EventData([UInt8](repeating: 1, count: 10_000))], to: .partition("0"))
            }
            let consumer = try emulator.makeConsumer()
            let partition = try await consumer.properties(of: "0")
            let oldest = partition.beginningSequenceNumber
            #expect(oldest > 0)
            for position in [EventPosition.earliest, .sequenceNumber(0, inclusive: true), .offset("0")] {
                let receiver = try await consumer.openPartition("0", from: position)
                #expect(try await receiver.take(1).map(\.sequenceNumber) == [oldest], "\(position)")
                await receiver.close()
            }
            let last = try #require(partition.lastEnqueuedTime)
            var waiting: [PartitionReceiver] = []
            for position in [
                EventPosition.sequenceNumber(19), .offset(partition.lastEnqueuedOffset),
                .enqueuedTime(Timestamp(millisecondsSinceEpoch: last.millisecondsSinceEpoch + 3_600_000)),
            ] { waiting.append(try await consumer.openPartition("0", from: position)) }
            try await producer.send(["next"], to: .partition("0"))
            for receiver in waiting { #expect(try await receiver.take(1).map(\.text) == ["next"]) }
            await producer.close()
            await consumer.close()
        }
    }

    @Test("A position after the end is an error, not a wait")
    func pastTheEnd() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 3)
            let consumer = try emulator.makeConsumer()
            for position in [EventPosition.sequenceNumber(99), .offset("99999999")] {
                do throws(EventHubsError) {
                    _ = try await consumer.openPartition("0", from: position)
                    Issue.record("opened at \(position)")
                } catch {
                    #expect(error.code == .invalidPosition)
                    #expect(error.partition == "0")
                    #expect(!error.isTransient)
                    #expect(error.message.contains("is invalid"), "\(error)")
                }
            }
            await consumer.close()
        }
    }
}
