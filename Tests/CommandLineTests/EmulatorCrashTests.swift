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
import Foundation
import Synchronization
import Testing

@Suite("An emulator that is killed", .timeLimit(.minutes(2)))
struct EmulatorCrashTests {
    /// `eventhubs emulator` in a process of its own.
    private final class Emulator: Sendable {
        private let process: Process
        let connectionString: String

        /// Starts it and waits until it is ready.
        init(_ directory: String) throws {
            process = Process()
            process.executableURL = try #require(Bundle.main.executableURL).deletingLastPathComponent()
                .appendingPathComponent("eventhubs")
            process.arguments = [
                "emulator", "--port", "0", "--http-port", "0", "--hub", "hub1:2", "--data-dir", directory,
            ]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            var text = ""
            while text.firstRange(of: /EntityPath=hub1\n/) == nil {
                let data = output.fileHandleForReading.availableData
                try #require(!data.isEmpty, "the emulator ended before it was ready")
                text += String(decoding: data, as: UTF8.self)
            }
            let lines = text.split(separator: "\n")
            connectionString = String(try #require(lines.first { $0.hasPrefix("Endpoint=") }))
        }

        func end(_ signal: Int32) {
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
        }

        deinit {
            if process.isRunning { end(SIGKILL) }
        }
    }

    /// What senders were told was accepted.
    private final class Acknowledged: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock { $0 } }

        /// Notes texts and tells how many there are.
        func note(_ new: [String]) -> Int {
            texts.withLock { texts in
                texts += new
                return texts.count
            }
        }
    }

    @Test("has everything that was acknowledged, each delivery as a whole, and counts on")
    func killed() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let acknowledged = Acknowledged()
        for round in 0..<4 {
            let emulator = try Emulator(directory)
            let producer = try EventHubProducer(
                connectionString: emulator.connectionString,
                configuration: EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 0))
            )
            // Four senders until the connection is lost; it is killed in the middle of what they do.
            let enough = acknowledged.all.count + 40 * (round + 1)
            await withTaskGroup(of: Void.self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        var number = 0
                        while true {
                            let texts = (0..<3).map { "\(round)/\(sender)/\(number)/\($0)" }
                            do {
                                try await producer.send(texts.map { EventData($0) }, to: .partition("0"))
                            } catch {
                                return
                            }
                            number += 1
                            let count = acknowledged.note(texts)
                            if sender == 0, count > enough { emulator.end(SIGKILL) }
                        }
                    }
                }
            }
            await producer.close()
        }

        let emulator = try Emulator(directory)
        let consumer = try EventHubConsumer(connectionString: emulator.connectionString)
        let last = try await consumer.properties(of: "0").lastEnqueuedSequenceNumber
        let receiver = try await consumer.openPartition("0", from: .earliest)
        var events: [(Int64, String)] = []
        while events.count <= last, let batch = try await receiver.nextBatch() {
            events += batch.map { ($0.sequenceNumber, $0.text) }
        }
        await consumer.close()
        emulator.end(SIGTERM)
        #expect(events.map(\.0) == Array(0...last))
        let texts = events.map(\.1)
        #expect(Set(texts).count == texts.count)
        #expect(Set(acknowledged.all).subtracting(texts).isEmpty)
        for start in stride(from: 0, to: texts.count, by: 3) {
            #expect(texts[start..<min(start + 3, texts.count)].map { $0.suffix(2) } == ["/0", "/1", "/2"])
        }
    }

    @Test("knows how far idempotent producers have come: what they send again is there once")
    func idempotentProducers() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // All that the producers remember of a former run: who they are.
        let names: [PartitionID: PublishingState] = ["0": .init(producerGroupID: 1), "1": .init(producerGroupID: 1)]
        let acknowledged = Acknowledged()
        for round in 0..<4 {
            let emulator = try Emulator(directory)
            let producer = try EventHubProducer(
                connectionString: emulator.connectionString,
                configuration: EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 0)),
                idempotent: IdempotentPublishing(resuming: names)
            )
            let enough = acknowledged.all.count + 40 * (round + 1)
            var starts: [(PartitionID, Int)] = []
            for partition in names.keys.sorted() {
                let last = try await producer.publishingState(of: partition).lastSequenceNumber
                starts.append((partition, Int(try #require(last))))
            }
            await withTaskGroup(of: Void.self) { group in
                for (partition, start) in starts {
                    group.addTask {
                        var number = start
                        while true {
                            let texts = (0..<3).map { "\(number + $0)" }
                            do {
                                try await producer.send(texts.map { EventData($0) }, to: .partition(partition))
                            } catch {
                                return
                            }
                            number += 3
                            let count = acknowledged.note(texts)
                            if partition == "0", count > enough { emulator.end(SIGKILL) }
                        }
                    }
                }
            }
            await producer.close()
        }

        let emulator = try Emulator(directory)
        let consumer = try EventHubConsumer(connectionString: emulator.connectionString)
        var total = 0
        for partition in names.keys.sorted() {
            let last = try await consumer.properties(of: partition).lastEnqueuedSequenceNumber
            let receiver = try await consumer.openPartition(partition, from: .earliest)
            var texts: [String] = []
            while texts.count <= last, let batch = try await receiver.nextBatch() { texts += batch.map(\.text) }
            // Each number once, none left out, in order.
            #expect(texts == (0..<texts.count).map { "\($0)" })
            total += texts.count
        }
        #expect(total >= acknowledged.all.count)
        await consumer.close()
        emulator.end(SIGTERM)
    }
}
