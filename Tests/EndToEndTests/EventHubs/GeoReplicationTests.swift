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

@Suite("A geo-replicated namespace", .timeLimit(.minutes(1)))
struct GeoReplicationTests {
    @Test("offsets are passed back as they came, and a number from before is told apart")
    func offsets() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        configuration.isGeoReplicated = true
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            try await emulator.fill("0", count: 4)
            let consumer = try emulator.makeConsumer()
            let first = try await consumer.openPartition("0", from: .earliest)
            let events = try await first.take(4)
            #expect(events.map(\.sequenceNumber) == [0, 1, 2, 3])
            #expect(events.allSatisfy { Int64($0.offset) == nil })
            await first.close()
            let second = try await consumer.openPartition("0", from: .offset(events[1].offset))
            #expect(try await second.take(2).map(\.sequenceNumber) == [2, 3])
            await second.close()
            let error = await #expect(throws: EventHubsError.self) {
                _ = try await consumer.openPartition("0", from: .offset("1208024"))
            }
            #expect(error?.code == .invalidPosition)
            #expect(error?.condition == .georeplicationInvalidOffset)
            #expect(try await consumer.properties().georeplicationFactor == 2)
            #expect(try await consumer.properties(of: "0").lastEnqueuedOffset == events[3].offset)
            await consumer.close()
        }
    }
}
