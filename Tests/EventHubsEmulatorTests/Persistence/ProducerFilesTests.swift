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

import Testing

@testable import EventHubsEmulator

@Suite("Idempotent producers in the files of a partition")
struct ProducerFilesTests {
    private typealias Stamp = ProducerSequences.Stamp
    private typealias Claim = ProducerSequences.Claim

    private final class Link: ProducerLink {
        func fenced(by error: ServiceError) {}
    }

    private let directory: TemporaryDirectory
    private static let plain = Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000)
    /// One event of the tests fills a segment.
    private static let small = Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000, segmentSize: 100)
    private static let file = "0/00000000000000000000.events"

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(_ retention: Retention = plain, compactionSize: Int = 1 << 20) throws -> PartitionLog {
        try PartitionLog(
            id: "0",
            retention: retention,
            files: SegmentFiles(directory: "\(directory.path)/0", compactionSize: compactionSize, logger: nil)
        )
    }

    private func event(_ body: String = "event") throws -> IncomingEvents {
        let bytes = Array(body.utf8)
        return try IncomingEvents(delivery: [0x00, 0x53, 0x75, 0xA0, UInt8(bytes.count)] + bytes, messageFormat: 0)
    }

    /// Two events.
    private func batch() throws -> IncomingEvents {
        try IncomingEvents(delivery: IncomingEventsTests.pythonBatch, messageFormat: IncomingEvents.batchFormat)
    }

    private func letIn(_ log: PartitionLog, _ claim: Claim) throws -> Stamp {
        try log.openProducer(claim, link: Link())
    }

    /// Appends what a producer with this id and epoch numbers so.
    private func send(
        _ log: PartitionLog,
        _ events: IncomingEvents,
        _ number: Int32,
        id: Int64 = 7,
        epoch: Int16 = 3
    ) throws -> Int64? {
        try log.append(events, at: 1, stamp: Stamp(id: id, epoch: epoch, sequenceNumber: number))
    }

    private func condition(_ body: () throws -> Void) throws -> ServiceCondition? {
        do {
            try body()
            return nil
        } catch let error as ServiceError {
            return error.condition
        }
    }

    private func eventCount(_ log: PartitionLog) -> Int64 { log.summary(at: 1).eventCount }

    @Test("numbers, epochs and what repeats is known again", arguments: [plain, small])
    func reopened(_ retention: Retention) throws {
        var log = try open(retention)
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        #expect(try send(log, batch(), 1) == 0)
        #expect(try send(log, event(), 3) == 2)
        for round in 0..<3 {
            log.close()
            log = try open(retention)
            #expect(try send(log, batch(), 1) == nil)
            #expect(try send(log, event(), 3 + Int32(round)) == nil)
            #expect(try condition { _ = try send(log, event(), 9) } == .outOfOrderSequence)
            #expect(try condition { _ = try send(log, event(), 4, epoch: 2) } == .producerEpochStolen)
            #expect(try condition { _ = try letIn(log, Claim(id: 7, epoch: 2)) } == .producerEpochStolen)
            let stamp = Stamp(id: 7, epoch: 3, sequenceNumber: 3 + Int32(round))
            #expect(try letIn(log, Claim(id: 7)) == stamp)
            #expect(try send(log, event(), 4 + Int32(round)) == 3 + Int64(round))
        }
        #expect(eventCount(log) == 6)
    }

    /// The bytes were put together with the struct and zlib modules of Python.
    @Test("a file says that a producer was let in, before there is an event")
    func bytes() throws {
        let log = try open()
        _ = try letIn(log, Claim(id: 7, epoch: 3, sequenceNumber: 41))
        let expected = hex(
            """
            4548454d555330311000000083885d71554bbbec000000000000000000000000000000001a000000e768e01e537608df000000000000000000\
            0000800700000000000000030029000000
            """
        )
        #expect(try directory.read(Self.file) == expected)
        // What is known already is not written again.
        _ = try letIn(log, Claim(id: 7))
        #expect(try directory.read(Self.file) == expected)
        log.close()
        let next = try open()
        #expect(try letIn(next, Claim(id: 7)) == Stamp(id: 7, epoch: 3, sequenceNumber: 41))
        #expect(next.summary(at: 1).lastEnqueuedSequenceNumber == -1)
        #expect(try send(next, event(), 42) == 0)
    }

    @Test("wherever a crash cuts the file, a number is there if its events are, and the producer goes on from there")
    func torn() throws {
        var log = try open()
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        var ends: [Int] = [try directory.read(Self.file).count]
        for (events, number) in [(try batch(), Int32(1)), (try event(), 3), (try batch(), 4)] {
            _ = try send(log, events, number)
            ends.append(try directory.read(Self.file).count)
        }
        log.close()
        let whole = try directory.read(Self.file)
        let counts: [Int32] = [0, 2, 3, 5]
        for length in 0..<whole.count {
            try directory.write(whole[..<length], to: Self.file)
            log = try open()
            let left = ends.lastIndex { $0 <= length }
            let count = left.map { counts[$0] } ?? 0
            #expect(eventCount(log) == Int64(count), "at \(length)")
            // Before the first record was whole nobody had been told that the producer was let in.
            #expect(
                try letIn(log, Claim(id: 7)) == Stamp(id: 7, epoch: left == nil ? 0 : 3, sequenceNumber: count),
                "at \(length)"
            )
            #expect(try send(log, event(), count + 1, epoch: left == nil ? 0 : 3) == Int64(count))
            log.close()
        }
    }

    @Test("who was fenced off stays so when the emulator dies before the new one has sent anything")
    func fenced() throws {
        let log = try open()
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        _ = try send(log, event(), 1)
        _ = try letIn(log, Claim(id: 7, epoch: 4))
        // No close: what is in the files is what a kill leaves.
        let next = try open()
        #expect(try condition { _ = try send(next, event(), 2) } == .producerEpochStolen)
        #expect(try send(next, event(), 2, epoch: 4) == 1)
    }

    @Test("when its events have been dropped, a producer is still known")
    func dropped() throws {
        let retention = Retention(maximumBytes: 300, maximumAge: 1_000_000, segmentSize: 100)
        let log = try open(retention)
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        _ = try send(log, batch(), 1)
        for _ in 0..<20 { try log.append(event(), at: 1) }
        #expect(log.summary(at: 1).beginSequenceNumber > 2)
        log.close()
        let next = try open(retention)
        #expect(try send(next, batch(), 1) == nil)
        #expect(try send(next, event(), 3) == 22)
    }

    @Test("producers that come and go do not make a file grow for ever; its events stay")
    func compaction() throws {
        var log = try open(compactionSize: 1_000)
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        _ = try send(log, batch(), 1)
        try log.append(event("plain"), at: 2)
        for id in 100..<100 + 3 * Int64(ProducerSequences.maximumProducers) {
            _ = try letIn(log, Claim(id: id))
            // Sending keeps it among those that are remembered.
            if id % 500 == 0 { _ = try send(log, event(), Int32(id / 500) + 2) }
        }
        let size = try directory.read(Self.file).count
        #expect(size < ProducerSequences.maximumProducers * 30 + 5_000)
        let summary = log.summary(at: 3)
        #expect(summary.eventCount == 9)
        log.close()
        log = try open(compactionSize: 1_000)
        #expect(log.summary(at: 3) == summary)
        #expect(try letIn(log, Claim(id: 7)) == Stamp(id: 7, epoch: 3, sequenceNumber: 8))
        #expect(try condition { _ = try send(log, event(), 1, id: 100, epoch: 0) } == .outOfOrderSequence)
        #expect(try directory.names("0").count == 1)
    }

    @Test("a producer that cannot be written down is not let in")
    func refused() throws {
        let log = try open()
        try directory.write([], to: "0")
        #expect(try condition { _ = try letIn(log, Claim(id: 7, epoch: 3)) } == .internalError)
        try directory.remove("0")
        #expect(try letIn(log, Claim(id: 7, epoch: 2)) == Stamp(id: 7, epoch: 2, sequenceNumber: 0))
    }

    @Test("producers and numbers that cannot be are damage, although the checksums fit")
    func damage() throws {
        let log = try open()
        _ = try letIn(log, Claim(id: 7, epoch: 3))
        _ = try send(log, event(), 1)
        log.close()
        let file = try directory.read(Self.file)
        let stamp = Stamp(id: 7, epoch: 3, sequenceNumber: 2)
        let events: [UInt8] = [1, 0, 0, 0, 0]
        for payload in [
            // A gap, an epoch of the past, a producer nobody knows, a repetition.
            SegmentRecord.encodedDelivery(at: 0, count: 1, stamp: Stamp(id: 7, epoch: 3, sequenceNumber: 3)) + events,
            SegmentRecord.encodedDelivery(at: 0, count: 1, stamp: Stamp(id: 7, epoch: 2, sequenceNumber: 2)) + events,
            SegmentRecord.encodedDelivery(at: 0, count: 1, stamp: Stamp(id: 8, epoch: 3, sequenceNumber: 2)) + events,
            SegmentRecord.encodedDelivery(at: 0, count: 1, stamp: Stamp(id: 7, epoch: 3, sequenceNumber: 1)) + events,
            // Other numbers than the producer has, an older epoch, a stamp that is cut short, something behind it.
            SegmentRecord.encodedProducer(Stamp(id: 7, epoch: 4, sequenceNumber: 9)),
            SegmentRecord.encodedProducer(Stamp(id: 7, epoch: 2, sequenceNumber: 1)),
            Array(SegmentRecord.encodedProducer(stamp).dropLast()), SegmentRecord.encodedProducer(stamp) + [0],
        ] {
            try directory.write(file + record(payload), to: Self.file)
            let error = #expect(throws: EmulatorError.self) { try open() }
            #expect(error?.code == .dataDirectoryDamaged)
        }
        let producer = stamp.encoded() + [0, 0, 0, 0]
        for producers in [
            // Cut short, twice the same, more deliveries than are remembered, deliveries that are not there.
            Array(producer.dropLast()), producer + producer,
            stamp.encoded() + [6, 0, 0, 0] + [UInt8](repeating: 0, count: 48),
            stamp.encoded() + [1, 0, 0, 0],
        ] {
            let head = record([UInt8](repeating: 0, count: 16) + producers)
            try directory.write(RecordFile.Kind.segment.bytes + head, to: Self.file)
            #expect(throws: EmulatorError.self) { try open() }
        }
    }

    private func record(_ payload: [UInt8]) -> [UInt8] {
        payload.withUnsafeBytes { RecordFile.header(of: [$0]) } + payload
    }

    @Test("files and memory never differ, whatever is done and whenever they are opened again", arguments: 0..<8)
    func random(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let retention = Retention(maximumBytes: 2_000, maximumAge: 1_000_000, segmentSize: 300)
        let memory = PartitionLog(id: "0", retention: retention)
        var files = try open(retention, compactionSize: 200)
        for _ in 0..<400 {
            let id = Int64.random(in: 1...4, using: &generator)
            let epoch = Int16.random(in: 0...2, using: &generator)
            let number = Int32.random(in: 1...12, using: &generator)
            let events = Bool.random(using: &generator) ? try event() : try batch()
            let choice = Int.random(in: 0..<10, using: &generator)
            var results: [String] = []
            for log in [memory, files] {
                do {
                    switch choice {
                    case 0: results.append("\(try letIn(log, Claim(id: id, epoch: epoch, sequenceNumber: number)))")
                    case 1: results.append("\(try letIn(log, Claim(id: id)))")
                    case 2...6:
                        // Mostly the number that comes next.
                        let known = try letIn(log, Claim(id: id))
                        let next = choice < 5 ? known.sequenceNumber + 1 : number
                        let first = try send(log, events, next, id: id, epoch: known.epoch)
                        results.append("\(first.map(String.init) ?? "repetition")")
                    case 7: results.append("\(try log.append(events, at: 1) ?? -1)")
                    default:
                        let summary = log.summary(at: 1)
                        results.append("\(summary.lastEnqueuedSequenceNumber) at \(summary.lastEnqueuedOffset)")
                    }
                } catch let error as ServiceError {
                    results.append("\(error.condition): \(error.message)")
                }
            }
            #expect(results[0] == results[1])
            if choice == 9 {
                files.close()
                files = try open(retention, compactionSize: 200)
            }
        }
        #expect(memory.summary(at: 1).lastEnqueuedSequenceNumber > 50)
    }
}
