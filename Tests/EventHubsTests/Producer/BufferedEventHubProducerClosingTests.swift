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

@Suite("Buffered producer: deadlines, cancellation and the end", .timeLimit(.minutes(2)))
struct BufferedEventHubProducerClosingTests {
    @Test("A flush with a deadline gives up in time; what is held goes on being sent")
    func flushDeadline() async throws {
        let bench = BufferBench()
        bench.sender.hold("0")
        let receipt = try await bench.producer.submit("0", to: .partition("0"))
        let flush = Task { try await bench.producer.flush(within: .seconds(5)) }
        await bench.sender.started.wait()
        // One wait is the batch's own, the other one that of the flush.
        await bench.time.waitUntilSlept(2)
        bench.time.advance(by: .seconds(5))
        await #expect(throws: EventHubsError(.timeout, "")) { try await flush.value }
        #expect(!receipt.isSettled)
        #expect(bench.producer.unsettledCount == 1)
        bench.sender.release()
        try await receipt.value()
        try await bench.producer.flush()
    }

    @Test("Closing sends what is held, then takes nothing in any more")
    func close() async throws {
        let bench = BufferBench()
        try await bench.enqueue(0..<3)
        try await bench.producer.close()
        #expect(bench.sender.sent.map(\.texts) == [["0", "1", "2"]])
        #expect(bench.sender.isClosed)
        await #expect(throws: EventHubsError(.closed, "")) { try await bench.enqueue(3..<4) }
        await #expect(throws: EventHubsError(.closed, "")) { try await bench.enqueue(3..<4, to: .automatic) }
        try await bench.producer.close()
    }

    @Test("A close that runs out of time gives every event its result")
    func closeDeadline() async throws {
        let heard = Mutex<[EventHubsError?]>([])
        let options = BufferingOptions(maximumBatchCount: 1, maximumBufferedCount: 3)
        let bench = BufferBench(options) { result in heard.withLock { $0.append(result.error) } }
        bench.sender.hold("0")
        let underWay = try await bench.producer.submit("under way", to: .partition("0"))
        let held = try await bench.producer.submit("held", to: .partition("0"))
        try await bench.producer.enqueue("enqueued", to: .partition("0"))
        await bench.sender.started.wait()
        let waiting = Task { try await bench.producer.enqueue("waits for room", to: .partition("0")) }
        let close = Task { try await bench.producer.close(within: .seconds(5)) }
        await #expect(throws: EventHubsError(.closed, "")) { try await waiting.value }
        await bench.time.waitUntilSlept(1)
        bench.time.advance(by: .seconds(5))
        try await close.value
        await #expect(throws: EventHubsError(.closed, "")) { try await underWay.value() }
        await #expect(throws: EventHubsError(.closed, "")) { try await held.value() }
        #expect(heard.withLock { $0.map(\.?.code) } == [.closed])
        #expect(bench.producer.unsettledCount == 0)
        #expect(bench.sender.sent.map(\.texts) == [["under way"]])
        #expect(bench.sender.isClosed)
    }

    @Test("Without a handler, closing throws what nobody has been told")
    func closeThrows() async throws {
        let bench = BufferBench()
        bench.sender.fail(0, with: EventHubsError(.quotaExceeded, "full"))
        try await bench.enqueue(0..<1)
        await #expect(throws: EventHubsError(.quotaExceeded, "")) { try await bench.producer.close() }
        #expect(bench.sender.isClosed)
    }

    @Test("A cancelled close ends at once, with a result for every event")
    func cancelledClose() async throws {
        let bench = BufferBench()
        bench.sender.hold("0")
        let receipt = try await bench.producer.submit("0", to: .partition("0"))
        let close = Task { try await bench.producer.close() }
        await bench.sender.started.wait()
        close.cancel()
        try await close.value
        await #expect(throws: EventHubsError(.closed, "")) { try await receipt.value() }
        #expect(bench.sender.isClosed)
    }

    @Test("Who is cancelled while waiting for room has sent nothing; those behind get their turn")
    func cancelledEnqueue() async throws {
        let bench = BufferBench(BufferingOptions(maximumBufferedCount: 1))
        bench.sender.hold("0")
        try await bench.enqueue(0..<1)
        let cancelled = Task { try await bench.enqueue(1..<2) }
        await bench.sender.started.wait()
        cancelled.cancel()
        await #expect(throws: EventHubsError(.cancelled, "")) { try await cancelled.value }
        let behind = Task { try await bench.enqueue(2..<3) }
        bench.sender.release()
        try await behind.value
        try await bench.producer.flush()
        #expect(bench.sender.sent.flatMap(\.texts) == ["0", "2"])
    }

    @Test("Who stops waiting for a receipt has not taken the event back")
    func cancelledReceipt() async throws {
        let bench = BufferBench()
        let receipt = try await bench.producer.submit("0", to: .partition("0"))
        let waiting = Task { try await receipt.value() }
        waiting.cancel()
        await #expect(throws: EventHubsError(.cancelled, "")) { try await waiting.value }
        try await bench.producer.flush()
        try await receipt.value()
        #expect(bench.sender.sent.map(\.texts) == [["0"]])
    }

    @Test("A cancelled flush ends; what is held goes on being sent")
    func cancelledFlush() async throws {
        let bench = BufferBench()
        bench.sender.hold("0")
        let receipt = try await bench.producer.submit("0", to: .partition("0"))
        let flush = Task { try await bench.producer.flush() }
        await bench.sender.started.wait()
        flush.cancel()
        await #expect(throws: EventHubsError(.cancelled, "")) { try await flush.value }
        bench.sender.release()
        try await receipt.value()
    }

    @Test("An event for a partition that is not there is refused to its sender")
    func unknownPartition() async throws {
        let bench = BufferBench()
        await #expect(throws: EventHubsError(.notFound, "")) { try await bench.enqueue(0..<1, to: .partition("99")) }
        try await bench.producer.close()
    }

    @Test("A producer that is let go of still sends what it holds")
    func letGo() async throws {
        let (time, sender) = try await {
            let bench = BufferBench()
            try await bench.enqueue(0..<2)
            return (bench.time, bench.sender)
        }()
        await time.waitUntilSlept(1)
        time.advance(by: .seconds(1))
        await sender.started.wait()
        #expect(sender.sent.map(\.texts) == [["0", "1"]])
    }
}
