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

@Suite("Idempotent publishing", .timeLimit(.minutes(2)))
struct IdempotentPublishingTests {
    private let quick = EventHubsConfiguration(
        retryPolicy: RetryPolicy(maximumRetries: 8, delay: .milliseconds(20), maximumDelay: .milliseconds(200))
    )

    private func makeProducer(
        _ emulator: EventHubsEmulator,
        port: Int? = nil,
        _ idempotent: IdempotentPublishing? = IdempotentPublishing()
    ) throws -> EventHubProducer {
        let connectionString =
            "Endpoint=sb://127.0.0.1:\(port ?? emulator.amqpPort);SharedAccessKeyName=RootManageSharedAccessKey;"
            + "SharedAccessKey=SAS_KEY_VALUE;EntityPath=hub1;UseDevelopmentEmulator=true"
        return try EventHubProducer(connectionString: connectionString, configuration: quick, idempotent: idempotent)
    }

    private func count(_ emulator: EventHubsEmulator) -> Int64 { emulator.partitions(of: "hub1")[0].eventCount }

    @Test(
        "A batch whose answer got lost is written once; without numbering it is there twice",
        arguments: [true, false]
    )
    func lostAnswer(_ isIdempotent: Bool) async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let producer = try makeProducer(emulator, port: proxy.port, isIdempotent ? IdempotentPublishing() : nil)
            try await producer.send([EventData("first")], to: .partition("0"))
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .earliest)
            _ = try await receiver.take(1)
            proxy.swallowAnswers()
            let send = Task { try await producer.send([EventData("second"), EventData("third")], to: .partition("0")) }
            // They are there, and their sender does not know.
            #expect(try await receiver.take(2, patience: .seconds(30)).map(\.text) == ["second", "third"])
            proxy.cut()
            try await send.value
            #expect(count(emulator) == (isIdempotent ? 3 : 5))
            try await producer.send([EventData("fourth")], to: .partition("0"))
            if isIdempotent {
                #expect(try await receiver.take(1).map(\.text) == ["fourth"])
                #expect(producer.publishingStates["0"]?.lastSequenceNumber == 4)
            }
            await consumer.close()
            await producer.close()
            await proxy.stop()
        }
    }

    @Test("After a send that was given up, the service is asked what it has before the next one")
    func givenUp() async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let producer = try makeProducer(emulator, port: proxy.port)
            try await producer.send([EventData("first")], to: .partition("0"))
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .earliest)
            _ = try await receiver.take(1)
            proxy.swallowAnswers()
            let send = Task { try await producer.send([EventData("second")], to: .partition("0")) }
            _ = try await receiver.take(1, patience: .seconds(30))
            send.cancel()
            await #expect(throws: EventHubsError(.cancelled, "")) { try await send.value }
            proxy.cut()
            // Had its number been given to this one, the service would take it for a repetition.
            try await producer.send([EventData("third")], to: .partition("0"))
            #expect(try await receiver.take(1, patience: .seconds(30)).map(\.text) == ["third"])
            #expect(producer.publishingStates["0"]?.lastSequenceNumber == 3)
            await consumer.close()
            await producer.close()
            await proxy.stop()
        }
    }

    @Test("A saved state lets a later producer go on, and tells it what has been written since")
    func restore() async throws {
        try await withHub { emulator in
            let first = try makeProducer(emulator)
            try await first.send((0..<10).map { EventData("\($0)") }, to: .partition("0"))
            let saved = first.publishingStates
            #expect(saved.keys.sorted() == ["0"])
            #expect(saved["0"]?.lastSequenceNumber == 10)
            #expect(saved["0"]?.ownerLevel == 0)
            // Written, but the process ended before it could save that.
            try await first.send((10..<15).map { EventData("\($0)") }, to: .partition("0"))
            await first.close()

            let second = try makeProducer(emulator, IdempotentPublishing(resuming: saved))
            let state = try await second.publishingState(of: "0")
            #expect(state.producerGroupID == saved["0"]?.producerGroupID)
            #expect(state.lastSequenceNumber == 15)
            try await second.send([EventData("15")], to: .partition("0"))
            #expect(second.publishingStates["0"]?.lastSequenceNumber == 16)
            #expect(count(emulator) == 16)
            // A partition that was not used begins anew.
            #expect(try await second.publishingState(of: "1").lastSequenceNumber == 0)
            await second.close()
        }
    }

    @Test("A higher owner level fences the former producer off, for good")
    func fencing() async throws {
        try await withHub { emulator in
            let old = try makeProducer(emulator)
            try await old.send([EventData("old")], to: .partition("0"))
            var state = try #require(old.publishingStates["0"])
            state.ownerLevel = (state.ownerLevel ?? 0) + 1
            let new = try makeProducer(emulator, IdempotentPublishing(resuming: ["0": state]))
            try await new.send([EventData("new")], to: .partition("0"))
            for _ in 0..<2 {
                await #expect(throws: EventHubsError(.producerFenced, "")) {
                    try await old.send([EventData("late")], to: .partition("0"))
                }
            }
            #expect(count(emulator) == 2)
            await old.close()
            await new.close()
        }
    }

    @Test("Many tasks may send at once: numbers are given out one batch at a time")
    func concurrentSends() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask { try await producer.send([EventData("\(number)"), "x"], to: .partition("0")) }
                }
                try await group.waitForAll()
            }
            #expect(count(emulator) == 100)
            #expect(producer.publishingStates["0"]?.lastSequenceNumber == 100)
            await producer.close()
        }
    }

    @Test("A full batch has room for its numbers")
    func fullBatch() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator)
            var batch = try await producer.makeBatch(.partition("0"))
            #expect(batch.maximumSize < 1_048_576)
            while batch.tryAdd(EventData([UInt8](repeating: 0, count: 4_000))) {}
            while batch.tryAdd(EventData("x")) {}
            try await producer.send(batch)
            #expect(count(emulator) == Int64(batch.count))
            await producer.close()
        }
    }

    @Test("A buffered producer publishes idempotently when the producer beneath it does")
    func buffered() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator)
            let buffered = BufferedEventHubProducer(producer)
            for number in 0..<20 { try await buffered.enqueue(EventData("\(number)"), to: .automatic) }
            try await buffered.flush()
            #expect(producer.publishingStates.mapValues(\.lastSequenceNumber) == ["0": 10, "1": 10])
            try await buffered.close()
        }
    }

    @Test("Only partitions can be published to; an ordinary producer has no states")
    func misuse() async throws {
        try await withHub { emulator in
            let producer = try makeProducer(emulator)
            for target in [PartitionTarget.automatic, .key("k")] {
                await #expect(throws: EventHubsError(.invalidArgument, "")) {
                    try await producer.send(["x"], to: target)
                }
            }
            await producer.close()
            let ordinary = try emulator.makeProducer()
            await #expect(throws: EventHubsError(.notAllowed, "")) { _ = try await ordinary.publishingState(of: "0") }
            #expect(ordinary.publishingStates.isEmpty)
            await ordinary.close()
        }
    }
}
