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

@Suite("Owner levels against the emulator", .timeLimit(.minutes(1)))
struct OwnerLevelTests {
    private func options(_ level: Int64?) -> PartitionOptions {
        PartitionOptions(ownerLevel: level, receiverName: "level-\(level.map(String.init) ?? "none")")
    }

    @Test(
        "An equal or higher level takes over; the loser learns it",
        arguments: [(0, 0), (0, 5), (5, 5)] as [(Int64, Int64)]
    )
    func takeOver(first: Int64, second: Int64) async throws {
        try await withHub { emulator in
            let consumer = try emulator.makeConsumer()
            let loser = try await consumer.openPartition("0", from: .earliest, options: options(first))
            async let loss = loser.nextBatch()
            let winner = try await consumer.openPartition("0", from: .earliest, options: options(second))
            do {
                _ = try await loss
                Issue.record("not lost")
            } catch {
                #expect((error as? EventHubsError)?.code == .ownershipLost, "\(error)")
                #expect("\(error)".contains("level-\(first)"), "\(error)")
            }
            try await emulator.fill("0", count: 1)
            #expect(try await winner.take(1).count == 1)
            await #expect(throws: EventHubsError(.ownershipLost, "")) { try await loser.nextBatch() }
            await consumer.close()
        }
    }

    @Test("A lower level, or none, is turned away")
    func lowerLevel() async throws {
        try await withHub { emulator in
            let consumer = try emulator.makeConsumer()
            let owner = try await consumer.openPartition("0", from: .earliest, options: options(5))
            for level in [4, nil] as [Int64?] {
                do throws(EventHubsError) {
                    _ = try await consumer.openPartition("0", from: .earliest, options: options(level))
                    Issue.record("opened")
                } catch {
                    #expect(error.code == .ownershipLost)
                    #expect(!error.isTransient)
                }
            }
            // Another group and another partition are another matter.
            let other = try await consumer.openPartition("1", from: .earliest, options: options(nil))
            await other.close()
            await owner.close()
            let free = try await consumer.openPartition("0", from: .earliest, options: options(nil))
            await free.close()
            await consumer.close()
        }
    }

    @Test("A sixth receiver without level is one too many")
    func fiveReaders() async throws {
        try await withHub { emulator in
            let consumer = try emulator.makeConsumer()
            var receivers: [PartitionReceiver] = []
            for _ in 0..<5 { receivers.append(try await consumer.openPartition("0", from: .earliest)) }
            do throws(EventHubsError) {
                _ = try await consumer.openPartition("0", from: .earliest)
                Issue.record("opened")
            } catch {
                #expect(error.code == .quotaExceeded)
                #expect(error.message.contains("List of connected receivers"), "\(error)")
            }
            await receivers.removeLast().close()
            let again = try await consumer.openPartition("0", from: .earliest)
            await again.close()
            await consumer.close()
        }
    }
}
