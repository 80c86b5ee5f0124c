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

@Suite("Files of a partition")
struct SegmentFilesTests {
    private let directory: TemporaryDirectory
    private static let plain = Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000)
    /// One event of the tests fills a segment.
    private static let small = Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000, segmentSize: 100)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(_ retention: Retention = plain) throws -> PartitionLog {
        try PartitionLog(
            id: "0",
            retention: retention,
            files: SegmentFiles(directory: "\(directory.path)/0", logger: nil)
        )
    }

    private func event(_ body: String) throws -> IncomingEvents {
        let bytes = Array(body.utf8)
        return try IncomingEvents(
            delivery: [0x00, 0x53, 0x75, 0xA0, UInt8(bytes.count)] + bytes,
            messageFormat: 0
        )
    }

    private func batch() throws -> IncomingEvents {
        try IncomingEvents(delivery: IncomingEventsTests.pythonBatch, messageFormat: IncomingEvents.batchFormat)
    }

    private func messages(_ log: PartitionLog) throws -> [[UInt8]] {
        var cursor = try log.cursor(for: .earliest)
        var messages: [[UInt8]] = []
        while let run = log.nextRun(at: &cursor, maximumEvents: 3, maximumBytes: 1 << 20) {
            run.forEach { messages.append(Array($0)) }
        }
        return messages
    }

    private func name(_ first: Int) -> String {
        String(repeating: "0", count: 20 - String(first).count) + "\(first).events"
    }

    @Test(
        "what was appended is there again, numbers, offsets and times included, and the counting goes on",
        arguments: [plain, small]
    )
    func roundTrip(_ retention: Retention) throws {
        let memory = PartitionLog(id: "0", retention: retention)
        var log = try open(retention)
        for round in 0..<4 {
            for log in [memory, log] {
                try log.append(event("event \(round)"), at: 1_000 + Int64(round))
                try log.append(batch(), at: 2_000 + Int64(round))
            }
            log.close()
            log = try open(retention)
            #expect(try messages(log) == messages(memory))
            #expect(log.summary(at: 3_000) == memory.summary(at: 3_000))
        }
        #expect(try directory.names("0").count == (retention == Self.small ? 8 : 1))
    }

    @Test("a partition to which nothing was sent has no files")
    func unused() throws {
        try open().close()
        #expect(try directory.names() == [])
    }

    @Test("a last delivery that a crash cut short is cut off, wherever that was; the rest stays and grows")
    func tornTail() throws {
        var log = try open()
        try log.append(event("kept"), at: 1)
        let kept = try messages(log)
        let whole = try directory.read("0/\(name(0))")
        try log.append(batch(), at: 2)
        log.close()
        let file = try directory.read("0/\(name(0))")
        for length in whole.count..<file.count {
            try directory.write(file[..<length], to: "0/\(name(0))")
            log = try open()
            #expect(try messages(log) == kept, "at \(length)")
            #expect(try directory.read("0/\(name(0))") == whole)
            try log.append(event("next"), at: 3)
            log.close()
            log = try open()
            #expect(try messages(log).count == 2)
            #expect(log.summary(at: 3).lastEnqueuedSequenceNumber == 1)
        }
    }

    @Test("a segment that a crash cut short before its first delivery was never there")
    func tornSegment() throws {
        var log = try open(Self.small)
        try log.append(event("kept"), at: 1)
        try log.append(event("cut"), at: 2)
        log.close()
        let file = try directory.read("0/\(name(1))")
        for length in 0..<file.count {
            try directory.write(file[..<length], to: "0/\(name(1))")
            log = try open(Self.small)
            #expect(log.summary(at: 3).lastEnqueuedSequenceNumber == 0)
            #expect(try directory.names("0") == [name(0)])
            log.close()
        }
    }

    @Test("damage in the middle is an error that names the file and changes nothing")
    func damage() throws {
        let log = try open()
        for number in 0..<3 { try log.append(event("event \(number)"), at: 1) }
        log.close()
        var file = try directory.read("0/\(name(0))")
        file[file.count / 2] ^= 1
        try directory.write(file, to: "0/\(name(0))")
        let error = #expect(throws: EmulatorError.self) { try open() }
        #expect(error?.code == .dataDirectoryDamaged)
        #expect(error?.message.contains("\(directory.path)/0/\(name(0))") == true)
        #expect(try directory.read("0/\(name(0))") == file)
    }

    @Test("segments that are torn, missing, renamed or of something else are damage, unless they are the newest")
    func damagedSegments() throws {
        let log = try open(Self.small)
        for number in 0..<3 { try log.append(event("event \(number)"), at: 1) }
        log.close()
        let middle = try directory.read("0/\(name(1))")
        for damaged in [
            Array(middle.dropLast()), [], Array(middle.prefix(36)), Array("EHEMUS02".utf8) + middle.dropFirst(8),
        ] {
            try directory.write(damaged, to: "0/\(name(1))")
            #expect(throws: EmulatorError.self) { try open(Self.small) }
        }
        try directory.remove("0/\(name(1))")
        let error = #expect(throws: EmulatorError.self) { try open(Self.small) }
        #expect(error?.message.contains("events 1 to 1 are missing") == true)
        try directory.write(middle, to: "0/\(name(4))")
        #expect(throws: EmulatorError.self) { try open(Self.small) }
        try directory.remove("0/\(name(4))")
        try directory.write(middle, to: "0/x.events")
        #expect(throws: EmulatorError.self) { try open(Self.small) }
        try directory.remove("0/x.events")
        try directory.write(middle, to: "0/\(name(1))")
        #expect(try messages(open(Self.small)).count == 3)
    }

    @Test("a delivery whose events do not add up is damage, although its checksum fits")
    func badDelivery() throws {
        let log = try open()
        try log.append(event("event"), at: 1)
        log.close()
        let file = try directory.read("0/\(name(0))")
        let time = [UInt8](repeating: 0, count: 8)
        for payload in [
            [], time, time + [1, 0, 0, 0], time + [1, 0, 0, 0, 9, 0, 0, 0, 1], time + [1, 0, 0, 0, 255, 255, 255, 255],
            time + [2, 0, 0, 0, 1, 0, 0, 0, 1], time + [1, 0, 0, 0, 1, 0, 0],
        ] {
            let record = payload.withUnsafeBytes { RecordFile.header(of: [$0]) } + payload
            try directory.write(file + record, to: "0/\(name(0))")
            #expect(throws: EmulatorError.self) { try open() }
        }
    }

    @Test("retention removes whole files, oldest first")
    func retention() throws {
        let retention = Retention(maximumBytes: 500, maximumAge: 1_000_000, segmentSize: 100)
        let log = try open(retention)
        for number in 0..<20 { try log.append(event("event \(number)"), at: Int64(number)) }
        let summary = log.summary(at: 20)
        #expect(summary.beginSequenceNumber > 10)
        #expect(try directory.names("0") == (Int(summary.beginSequenceNumber)..<20).map(name))
        log.close()
        #expect(try open(retention).summary(at: 20) == summary)
    }

    @Test("when all events have expired, a restart still knows how far the partition had counted")
    func everythingExpired() throws {
        let retention = Retention(maximumBytes: 1 << 20, maximumAge: 100, segmentSize: 100)
        var log = try open(retention)
        for number in 0..<3 { try log.append(event("event \(number)"), at: Int64(number)) }
        let summary = log.summary(at: 5_000)
        #expect(summary.isEmpty)
        #expect(try directory.names("0") == [name(2)])
        log.close()
        log = try open(retention)
        #expect(log.summary(at: 5_000) == summary)
        #expect(try log.append(event("next"), at: 5_000) == 3)
        #expect(try directory.names("0") == [name(3)])
    }

    @Test("what cannot be written is refused, and nobody sees it")
    func refused() throws {
        let log = try open()
        try directory.write([], to: "0")
        let error = #expect(throws: ServiceError.self) { try log.append(event("lost"), at: 1) }
        #expect(error?.condition == .internalError)
        #expect(error?.message.contains("\(directory.path)/0") == true)
        #expect(log.summary(at: 1).lastEnqueuedSequenceNumber == -1)
        try directory.remove("0")
        #expect(try log.append(event("kept"), at: 1) == 0)
        log.close()
        #expect(throws: ServiceError.self) { try log.append(event("late"), at: 1) }
        #expect(try messages(log).count == 1)
        #expect(try messages(open()) == messages(log))
    }
}
