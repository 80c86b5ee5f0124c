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

@testable import EventHubs

/// A buffered producer over a scripted sender and a clock that stands still.
struct BufferBench {
    let time = TestTime()
    let sender: ScriptedSender
    let producer: BufferedEventHubProducer

    init(
        _ options: BufferingOptions = BufferingOptions(),
        sender: ScriptedSender = ScriptedSender(),
        onResult: BufferedEventHubProducer.ResultHandler? = nil
    ) {
        self.sender = sender
        producer = BufferedEventHubProducer(
            sender,
            endpoint: EventHubsEndpoint(host: "ns.servicebus.windows.net", eventHubName: "hub1"),
            configuration: EventHubsConfiguration(),
            options: options,
            environment: time.environment,
            onResult: onResult
        )
    }

    func enqueue(_ numbers: Range<Int>, to target: PartitionTarget = .partition("0")) async throws {
        for number in numbers { try await producer.enqueue(EventData("\(number)"), to: target) }
    }
}

@Suite("Buffered producer", .timeLimit(.minutes(2)))
struct BufferedEventHubProducerTests {
    private static let busy = EventHubsError(.serverBusy, "busy")

    @Test("Linger: events wait for company, no longer than they may")
    func linger() async throws {
        let bench = BufferBench(BufferingOptions(maximumWait: .milliseconds(250)))
        try await bench.enqueue(0..<3)
        await bench.time.waitUntilSlept(1)
        #expect(bench.time.slept == [.milliseconds(250)])
        bench.time.advance(by: .milliseconds(249))
        #expect(bench.sender.sent.isEmpty)
        bench.time.advance(by: .milliseconds(1))
        await bench.sender.started.wait()
        #expect(bench.sender.sent.map(\.texts) == [["0", "1", "2"]])
        // The next batch waits by itself.
        try await bench.enqueue(3..<4)
        await bench.time.waitUntilSlept(2)
        bench.time.advance(by: .milliseconds(250))
        await bench.sender.started.wait(for: 2)
        #expect(bench.sender.sent.last?.texts == ["3"])
    }

    @Test("Linger: one sleeper for all partitions, and each batch has its whole time")
    func oneSleeper() async throws {
        let bench = BufferBench(BufferingOptions(maximumWait: .milliseconds(250)))
        for partition in ["0", "1"] { try await bench.enqueue(0..<1, to: .partition(PartitionID(partition))) }
        await bench.time.waitUntilSlept(1)
        bench.time.advance(by: .milliseconds(100))
        for partition in ["2", "3"] { try await bench.enqueue(0..<1, to: .partition(PartitionID(partition))) }
        bench.time.advance(by: .milliseconds(150))
        await bench.sender.started.wait(for: 2)
        #expect(Set(bench.sender.sent.map(\.partition)) == ["0", "1"])
        await bench.time.waitUntilSlept(2)
        #expect(bench.time.slept == [.milliseconds(250), .milliseconds(100)])
        bench.time.advance(by: .milliseconds(100))
        await bench.sender.started.wait(for: 4)
        #expect(Set(bench.sender.sent.map(\.partition)) == ["0", "1", "2", "3"])
        #expect(bench.time.slept.count == 2)
    }

    @Test("Linger of zero: a lone event goes at once, batches form behind a send")
    func noLinger() async throws {
        let bench = BufferBench(BufferingOptions(maximumWait: .zero))
        bench.sender.hold("0")
        try await bench.enqueue(0..<4)
        await bench.sender.started.wait()
        bench.sender.release()
        try await bench.producer.flush()
        #expect(bench.sender.sent.map(\.texts) == [["0"], ["1", "2", "3"]])
        #expect(bench.time.slept.isEmpty)
    }

    @Test("Separate limits: a batch is sent when it has its count of events")
    func batchCount() async throws {
        let bench = BufferBench(BufferingOptions(maximumBatchCount: 2))
        try await bench.enqueue(0..<5)
        await bench.sender.started.wait(for: 2)
        try await bench.producer.flush()
        #expect(bench.sender.sent.map(\.texts) == [["0", "1"], ["2", "3"], ["4"]])
    }

    @Test("Separate limits: a batch is sent when the next event does not fit its bytes")
    func batchSize() async throws {
        // Each event is 5 bytes of section around a section of 5 and 100 bytes.
        let bench = BufferBench(BufferingOptions(maximumBatchSize: 330))
        for _ in 0..<7 {
            try await bench.producer.enqueue(EventData([UInt8](repeating: 7, count: 100)), to: .partition("0"))
        }
        try await bench.producer.flush()
        #expect(bench.sender.sent.map(\.events.count) == [3, 3, 1])
        #expect(bench.sender.sent.map(\.size) == [330, 330, 110])
    }

    @Test("Back-pressure: when the count of events is reached, enqueuing waits for a result")
    func backPressureByCount() async throws {
        let bench = BufferBench(BufferingOptions(maximumBufferedCount: 2))
        bench.sender.hold("0")
        try await bench.enqueue(0..<2)
        #expect(bench.sender.sent.isEmpty)
        let third = Task { try await bench.enqueue(2..<3) }
        // Nothing but somebody who waits for room makes the batch go before its time.
        await bench.sender.started.wait()
        #expect(bench.producer.unsettledCount == 2)
        bench.sender.release()
        try await third.value
        try await bench.producer.flush()
        #expect(bench.sender.sent.map(\.texts) == [["0", "1"], ["2"]])
    }

    @Test("Back-pressure: when the bytes are reached, enqueuing waits, in order")
    func backPressureByBytes() async throws {
        let bench = BufferBench(BufferingOptions(maximumBufferedBytes: 100))
        bench.sender.hold("0")
        let large = EventData([UInt8](repeating: 1, count: 90))
        try await bench.producer.enqueue(large, to: .partition("0"))
        let waiting = Task { try await bench.enqueue(0..<10) }
        await bench.sender.started.wait()
        bench.sender.release()
        try await waiting.value
        try await bench.producer.flush()
        #expect(bench.sender.sent.first?.events == [large])
        #expect(bench.sender.sent.dropFirst().flatMap(\.texts) == (0..<10).map { "\($0)" })
    }

    @Test("Back-pressure: unless told otherwise, a full batch for each send and one more are held", arguments: [1, 2])
    func backPressureByDefault(_ sends: Int) async throws {
        // Three events to a batch.
        let bench = BufferBench(BufferingOptions(maximumBatchSize: 330, maximumConcurrentSends: sends))
        let event = EventData([UInt8](repeating: 7, count: 100))
        bench.sender.hold("0")
        for _ in 0..<(3 * (sends + 1)) { try await bench.producer.enqueue(event, to: .partition("0")) }
        #expect(try !bench.producer.enqueueAtOnce(event, to: .partition("0")))
        bench.sender.release()
        try await bench.producer.flush()
        #expect(try bench.producer.enqueueAtOnce(event, to: .partition("0")))
        try await bench.producer.flush()
        #expect(bench.sender.sent.map(\.events.count) == Array(repeating: 3, count: sends + 1) + [1])
    }

    @Test("Concurrent sends per partition: one unless asked for more; other partitions do not wait", arguments: [1, 2])
    func concurrentSends(_ sends: Int) async throws {
        let bench = BufferBench(BufferingOptions(maximumBatchCount: 1, maximumConcurrentSends: sends))
        bench.sender.hold("0", "1")
        try await bench.enqueue(0..<5)
        try await bench.enqueue(5..<6, to: .partition("1"))
        await bench.sender.started.wait(for: sends + 1)
        bench.sender.release()
        try await bench.producer.flush()
        #expect(bench.sender.mostUnderWay == sends)
        let sent = bench.sender.sent.filter { $0.partition == "0" }.flatMap(\.texts)
        #expect(sends == 1 ? sent == (0..<5).map { "\($0)" } : Set(sent).count == 5)
    }

    @Test("Keys map as the service maps them, and readers see them")
    func keys() async throws {
        let bench = BufferBench()
        for key in ["a", "131", "key", "partition-key"] {
            try await bench.producer.enqueue(EventData("of \(key)"), to: .key(key))
        }
        try await bench.producer.flush()
        let partitions = Dictionary(
            uniqueKeysWithValues: bench.sender.sent.flatMap { sent in
                sent.events.map { event in
                    (event.message.messageAnnotations?[symbol: "x-opt-partition-key"]?.textValue, sent.partition)
                }
            }
        )
        #expect(partitions == ["a": "0", "131": "2", "key": "3", "partition-key": "1"])
        await #expect(throws: EventHubsError(.invalidArgument, "")) {
            try await bench.producer.enqueue("x", to: .key(""))
        }
    }

    @Test("Partitions are told apart by the text of their ids, however many there are")
    func partitionNames() async throws {
        let bench = BufferBench(sender: ScriptedSender(partitions: 1_100))
        let ids = ["0", "7", "70", "1023", "1024", "1099"]
        for round in 0..<2 {
            for id in ids { try await bench.enqueue(round..<(round + 1), to: .partition(PartitionID(id))) }
        }
        for id in ["00", "07", "007", "-7", "+7", " 7", "7\u{301}", "1100", "10240", ""] {
            await #expect(throws: EventHubsError(.notFound, "")) {
                try await bench.enqueue(0..<1, to: .partition(PartitionID(id)))
            }
        }
        try await bench.producer.flush()
        #expect(bench.sender.sent.allSatisfy { $0.texts == ["0", "1"] })
        #expect(bench.sender.sent.map(\.partition).sorted() == ids.map { PartitionID($0) })
    }

    @Test("Events without a key take turns over the partitions")
    func roundRobin() async throws {
        let bench = BufferBench()
        try await bench.enqueue(0..<8, to: .automatic)
        try await bench.producer.flush()
        let texts = Dictionary(uniqueKeysWithValues: bench.sender.sent.map { ($0.partition, $0.texts) })
        #expect(texts == ["0": ["0", "4"], "1": ["1", "5"], "2": ["2", "6"], "3": ["3", "7"]])
    }

    @Test("Events without a key do not wait for one slow partition")
    func slowPartition() async throws {
        let sender = ScriptedSender(partitions: 2)
        let bench = BufferBench(BufferingOptions(maximumWait: .zero, maximumBufferedCount: 1), sender: sender)
        sender.hold("0")
        try await bench.enqueue(0..<1)
        await sender.started.wait()
        // It is the turn of the first partition, which has no room.
        try await bench.enqueue(1..<2, to: .automatic)
        await sender.started.wait(for: 2)
        #expect(sender.sent.map(\.partition) == ["0", "1"])
        sender.release()
        try await bench.producer.flush()
    }

    @Test("Partition growth is noticed")
    func growth() async throws {
        let sender = ScriptedSender(partitions: 1)
        let bench = BufferBench(BufferingOptions(maximumWait: .zero), sender: sender)
        try await bench.enqueue(0..<1, to: .automatic)
        await bench.time.waitUntilSlept(1)
        sender.grow(to: 2)
        bench.time.advance(by: .seconds(300))
        // It sleeps again when the new list is in use.
        await bench.time.waitUntilSlept(2)
        try await bench.enqueue(1..<3, to: .automatic)
        try await bench.producer.flush()
        #expect(Set(sender.sent.map(\.partition)) == ["0", "1"])
    }

    @Test("Send returns what became of its event")
    func send() async throws {
        let bench = BufferBench(BufferingOptions(maximumWait: .zero))
        try await bench.producer.send("one", to: .partition("0"))
        bench.sender.fail(1, with: Self.busy)
        await #expect(throws: Self.busy) { try await bench.producer.send("two", to: .partition("0")) }
        // Told once: there is nothing left to tell.
        try await bench.producer.flush()
        try await bench.producer.close()
    }

    @Test("Per-event results: receipts tell those who submitted, the handler hears of the others")
    func results() async throws {
        let results = Mutex<[(count: Int, texts: [String], failed: Bool, partition: PartitionID)]>([])
        let bench = BufferBench(BufferingOptions(maximumBatchCount: 3)) { result in
            let texts = ((try? result.events()) ?? []).map { String(decoding: $0.body, as: UTF8.self) }
            results.withLock { $0.append((result.count, texts, result.error != nil, result.partition)) }
        }
        bench.sender.fail(0, with: Self.busy)
        try await bench.enqueue(0..<1)
        let refused = try await bench.producer.submit("1", to: .partition("0"))
        try await bench.enqueue(2..<4)
        let accepted = try await bench.producer.submit("4", to: .partition("0"))
        // The handler has heard of it: it is not thrown as well.
        try await bench.producer.flush()
        #expect(refused.isSettled && accepted.isSettled)
        #expect(refused.partition == "0")
        await #expect(throws: Self.busy) { try await refused.value() }
        await #expect(throws: Self.busy) { try await refused.value() }
        try await accepted.value()
        let heard = results.withLock { $0 }
        #expect(heard.map(\.texts) == [["0", "2"], ["3"]])
        #expect(heard.map(\.count) == [2, 1])
        #expect(heard.map(\.failed) == [true, false])
        #expect(heard.map(\.partition) == ["0", "0"])
    }

    @Test("Without a handler, a flush throws the failure, once, and says where")
    func flushThrows() async throws {
        let bench = BufferBench()
        bench.sender.fail(0, with: Self.busy)
        try await bench.enqueue(0..<2)
        let error = await #expect(throws: EventHubsError.self) { try await bench.producer.flush() }
        #expect(error?.code == .serverBusy)
        #expect(error?.eventHub == "hub1")
        #expect(error?.partition == "0")
        try await bench.producer.flush()
    }

    @Test("An event that fits no batch is refused, and nothing else is")
    func tooLarge() async throws {
        let bench = BufferBench(sender: ScriptedSender(limit: 1_000))
        try await bench.enqueue(0..<1)
        await #expect(throws: EventHubsError(.messageTooLarge, "")) {
            try await bench.producer.enqueue(EventData([UInt8](repeating: 0, count: 1_000)), to: .partition("0"))
        }
        try await bench.enqueue(1..<2)
        try await bench.producer.flush()
        #expect(bench.sender.sent.flatMap(\.texts) == ["0", "1"])
    }

    @Test("Nothing is lost: many tasks, failing sends, and each event has exactly one result")
    func exactlyOneResult() async throws {
        let heard = Atomic(0)
        let sender = ScriptedSender()
        for number in stride(from: 0, to: 500, by: 3) { sender.fail(number, with: Self.busy) }
        let options = BufferingOptions(maximumWait: .zero, maximumBatchCount: 7, maximumBufferedCount: 20)
        let bench = BufferBench(options, sender: sender) { heard.add($0.count, ordering: .relaxed) }
        let told = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var told = 0
                    for number in 0..<100 {
                        if number.isMultiple(of: 2) {
                            try? await bench.producer.enqueue(EventData("\(task).\(number)"))
                        } else {
                            _ = try? await bench.producer.submit(EventData("\(task).\(number)")).value()
                            told += 1
                        }
                    }
                    return told
                }
            }
            return await group.reduce(0, +)
        }
        try await bench.producer.flush()
        #expect(told == 400)
        #expect(heard.load(ordering: .relaxed) == 400)
        #expect(Set(sender.sent.flatMap(\.texts)).count == 800)
        #expect(sender.sent.map(\.events.count).reduce(0, +) == 800)
        #expect(bench.producer.unsettledCount == 0)
    }
}
