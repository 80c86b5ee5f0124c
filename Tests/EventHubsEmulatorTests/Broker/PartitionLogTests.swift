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

import Synchronization
import Testing

@testable import EventHubsEmulator

@Suite("Partition log")
struct PartitionLogTests {
    private static let plain = Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000)

    private func event(_ body: String) throws -> IncomingEvents {
        let bytes = Array(body.utf8)
        return try IncomingEvents(
            delivery: [
                0x00, 0x53, 0x75, 0xB0, 0, UInt8(bytes.count >> 16), UInt8(bytes.count >> 8 & 255),
                UInt8(bytes.count & 255),
            ] + bytes,
            messageFormat: 0
        )
    }

    /// A log with events "0", "1", … enqueued at 1000, 1010, 1020, …
    private func log(_ count: Int, retention: Retention = plain) throws -> PartitionLog {
        let log = PartitionLog(id: "0", retention: retention)
        for number in 0..<count { try log.append(event(String(number)), at: 1000 + Int64(number) * 10) }
        return log
    }

    private func messages(_ log: PartitionLog, from cursor: PartitionLog.Cursor) -> [[UInt8]] {
        var cursor = cursor
        var messages: [[UInt8]] = []
        while let run = log.nextRun(at: &cursor, maximumEvents: 3, maximumBytes: 1 << 20) {
            run.forEach { messages.append(Array($0)) }
        }
        return messages
    }

    @Test("a stored event carries the service's annotations, empty properties, and the sender's sections")
    func encoding() throws {
        let log = PartitionLog(id: "0", retention: Self.plain)
        try log.append(event("a"), at: 0x0000_0169_7399_E3BF)
        try log.append(
            IncomingEvents(delivery: IncomingEventsTests.pythonBatch, messageFormat: IncomingEvents.batchFormat),
            at: 0x0000_0169_7399_E3C0
        )
        let stored = messages(log, from: try log.cursor(for: .earliest))
        let prefix = "005372c15006a315782d6f70742d73657175656e63652d6e756d626572810000000000000000"
        #expect(
            stored[0].hexadecimal
                == prefix + "a30c782d6f70742d6f6666736574a10130"
                + "a313782d6f70742d656e7175657565642d74696d6583000001697399e3bf"
                + "00537345" + "005375b00000000161"
        )
        #expect(
            stored[1].hexadecimal
                == "005372c16c08a315782d6f70742d73657175656e63652d6e756d626572810000000000000001"
                + "a30c782d6f70742d6f6666736574a103313032"
                + "a313782d6f70742d656e7175657565642d74696d6583000001697399e3c0"
                + IncomingEventsTests.keyPair + "00537345" + "005375a00568656c6c6f"
        )
        #expect(stored.count == 3)
    }

    @Test("annotations that do not fit a short map get a long one")
    func largeAnnotations() throws {
        let log = PartitionLog(id: "0", retention: Self.plain)
        let key = String(repeating: "k", count: 300)
        let pair = hex("a313782d6f70742d706172746974696f6e2d6b6579b10000012c") + Array(key.utf8)
        let message = hex("005372d1") + [0, 0, 1, UInt8(pair.count + 4 - 256), 0, 0, 0, 2] + pair + hex("005375a00178")
        let incoming = try IncomingEvents(delivery: message, messageFormat: 0)
        #expect(incoming.partitionKey == key)
        try log.append(incoming, at: 1)
        let stored = messages(log, from: try log.cursor(for: .earliest))[0]
        #expect(Array(stored.prefix(4)) == hex("005372d1"))
        #expect(Array(stored[8..<12]) == [0, 0, 0, 8])
        let size = stored[4..<8].reduce(0) { $0 << 8 | Int($1) }
        #expect(Array(stored[(8 + size)...]) == hex("00537345005375a00178"))
    }

    @Test("sequence numbers count, offsets are byte positions")
    func numbers() throws {
        let log = try log(3)
        let summary = log.summary(at: 2000)
        #expect(summary.beginSequenceNumber == 0)
        #expect(summary.lastEnqueuedSequenceNumber == 2)
        #expect(summary.lastEnqueuedTime == 1020)
        #expect(!summary.isEmpty)
        let last = try #require(Int(summary.lastEnqueuedOffset))
        #expect(last > 100)
        #expect(messages(log, from: try log.cursor(for: .earliest)).count == 3)
    }

    @Test("an unused partition")
    func unused() throws {
        let log = PartitionLog(id: "0", retention: Self.plain)
        let summary = log.summary(at: 0)
        #expect(summary.isEmpty)
        #expect(summary.lastEnqueuedSequenceNumber == -1)
        #expect(summary.lastEnqueuedOffset == "-1")
        #expect(summary.lastEnqueuedTime == nil)
        #expect(try log.cursor(for: .earliest).sequenceNumber == 0)
        #expect(try log.cursor(for: PositionSelector(mark: .offset("@latest"), isInclusive: true)).sequenceNumber == 0)
    }

    @Test("positions")
    func positions() throws {
        let log = try log(5)
        let offsets = try (0..<5).map { number in
            try #require(offset(ofEvent: number, in: log))
        }
        func first(_ mark: PositionSelector.Mark, _ isInclusive: Bool) throws -> Int64 {
            try log.cursor(for: PositionSelector(mark: mark, isInclusive: isInclusive)).sequenceNumber
        }
        #expect(try first(.offset("-1"), false) == 0)
        #expect(try first(.offset("@latest"), false) == 5)
        #expect(try first(.offset("@LATEST"), true) == 4)
        for number in 0..<5 {
            #expect(try first(.offset(offsets[number]), false) == Int64(number + 1))
            #expect(try first(.offset(offsets[number]), true) == Int64(number))
            #expect(try first(.sequenceNumber(Int64(number)), false) == Int64(number + 1))
            #expect(try first(.sequenceNumber(Int64(number)), true) == Int64(number))
            #expect(try first(.enqueuedTime(1000 + Int64(number) * 10), false) == Int64(number + 1))
            #expect(try first(.enqueuedTime(1000 + Int64(number) * 10), true) == Int64(number))
        }
        #expect(try first(.enqueuedTime(0), false) == 0)
        #expect(try first(.enqueuedTime(.max), false) == 5)
        #expect(try first(.sequenceNumber(-1), false) == 0)
        #expect(try first(.sequenceNumber(.min), true) == 0)
        #expect(try first(.offset("1"), false) == 1)
    }

    private func offset(ofEvent number: Int, in log: PartitionLog) -> String? {
        var cursor = PartitionLog.Cursor(sequenceNumber: Int64(number))
        var offset: String?
        log.nextRun(at: &cursor, maximumEvents: 1, maximumBytes: 1)?.forEach { message in
            // behind descriptor, map header, sequence number and the offset's key
            let length = Int(message[6 + 32 + 14 + 1])
            offset = String(decoding: message[54..<54 + length], as: UTF8.self)
        }
        return offset
    }

    @Test("a geo-replicated partition numbers its region beside the events, and its offsets are no numbers")
    func geoReplicated() throws {
        let log = PartitionLog(id: "0", retention: Self.plain, offsets: .geoReplicated)
        #expect(log.summary(at: 0).lastEnqueuedOffset == "-1")
        for _ in 0..<3 { try log.append(event("x"), at: 1) }
        var cursor = try log.cursor(for: .earliest)
        let run = try #require(log.nextRun(at: &cursor, maximumEvents: 10, maximumBytes: 10_000))
        let annotations = try run.map { try #require(try Message(decoding: Array($0)).messageAnnotations) }
        #expect(
            annotations[0].keys == [
                .symbol("x-opt-sequence-number-epoch"), .symbol("x-opt-sequence-number"), .symbol("x-opt-offset"),
                .symbol("x-opt-enqueued-time"),
            ]
        )
        #expect(annotations.allSatisfy { $0[symbol: "x-opt-sequence-number-epoch"] == .int(0) })
        let offsets = annotations.compactMap { $0[symbol: "x-opt-offset"]?.textValue }
        #expect(offsets.count == 3 && offsets.allSatisfy { Int64($0) == nil })
        #expect(log.summary(at: 0).lastEnqueuedOffset == offsets[2])
        for (index, offset) in offsets.enumerated() {
            let after = PositionSelector(mark: .offset(offset), isInclusive: false)
            #expect(try log.cursor(for: after).sequenceNumber == Int64(index + 1))
            let from = PositionSelector(mark: .offset(offset), isInclusive: true)
            #expect(try log.cursor(for: from).sequenceNumber == Int64(index))
        }
        for (text, condition) in [
            ("0", ServiceCondition.invalidOffset), ("1:0", .argumentError), ("x", .argumentError),
        ] {
            let selector = PositionSelector(mark: .offset(text), isInclusive: false)
            let error = #expect(throws: ServiceError.self) { try log.cursor(for: selector) }
            #expect(error?.condition == condition)
        }
        #expect(try log.cursor(for: .earliest).sequenceNumber == 0)
        let latest = PositionSelector(mark: .offset("@latest"), isInclusive: false)
        #expect(try log.cursor(for: latest).sequenceNumber == 3)
    }

    @Test("positions past the end are errors with the service's texts")
    func pastTheEnd() throws {
        let log = try log(2)
        let last = log.summary(at: 0).lastEnqueuedOffset
        for isInclusive in [true, false] {
            #expect(
                throws: ServiceError(
                    .argumentError,
                    "The supplied offset '99999' is invalid. The last offset in the system is '\(last)'"
                )
            ) { try log.cursor(for: PositionSelector(mark: .offset("99999"), isInclusive: isInclusive)) }
            #expect(
                throws: ServiceError(
                    .argumentError,
                    "The supplied sequence number '2' is invalid. The last sequence number in the system is '1'"
                )
            ) { try log.cursor(for: PositionSelector(mark: .sequenceNumber(2), isInclusive: isInclusive)) }
        }
        #expect(throws: ServiceError.self) {
            try log.cursor(for: PositionSelector(mark: .offset("abc"), isInclusive: false))
        }
        #expect(
            throws: ServiceError(
                .argumentError,
                "The supplied offset '0' is invalid. The last offset in the system is '-1'"
            )
        ) {
            try PartitionLog(id: "0", retention: Self.plain)
                .cursor(for: PositionSelector(mark: .offset("0"), isInclusive: false))
        }
    }

    @Test("old segments go when there are too many bytes, and readers go on at what is left")
    func retentionByBytes() throws {
        let retention = Retention(maximumBytes: 2_000, maximumAge: .max / 2, segmentSize: 500)
        let log = try log(100, retention: retention)
        let summary = log.summary(at: 3000)
        #expect(summary.lastEnqueuedSequenceNumber == 99)
        #expect(summary.beginSequenceNumber > 70)
        #expect(summary.retainedBytes <= 2_000)
        #expect(try log.cursor(for: .earliest).sequenceNumber == summary.beginSequenceNumber)
        #expect(
            try log.cursor(for: PositionSelector(mark: .offset("0"), isInclusive: true)).sequenceNumber
                == summary.beginSequenceNumber
        )
        #expect(messages(log, from: PartitionLog.Cursor(sequenceNumber: 0)).count == Int(summary.eventCount))
    }

    @Test("old events go with age")
    func retentionByAge() throws {
        let log = try log(10, retention: Retention(maximumBytes: 1 << 20, maximumAge: 100))
        let summary = log.summary(at: 1191)
        #expect(summary.isEmpty)
        #expect(summary.beginSequenceNumber == 10)
        #expect(summary.lastEnqueuedSequenceNumber == 9)
        #expect(try log.cursor(for: .earliest).sequenceNumber == 10)
        try log.append(event("x"), at: 1200)
        #expect(messages(log, from: PartitionLog.Cursor(sequenceNumber: 3)).count == 1)
    }

    @Test("retention can change, and what comes can be refused and taken again")
    func settings() throws {
        let log = try log(10)
        let refusal = ServiceError.entityDisabled("hub", in: "namespace")
        log.set(Retention(maximumBytes: 1 << 20, maximumAge: 100), refusal: refusal)
        #expect(throws: refusal) { try log.append(event("x"), at: 1050) }
        #expect(log.summary(at: 1090).eventCount == 10)
        #expect(log.summary(at: 1191).isEmpty, "the newest event is older than 100 ms")
        log.set(Self.plain, refusal: nil)
        #expect(try log.append(event("x"), at: 1200) == 10)
    }

    @Test("an event larger than a segment has one of its own")
    func largeEvent() throws {
        let log = PartitionLog(id: "0", retention: Retention(maximumBytes: 100_000, maximumAge: 1000, segmentSize: 100))
        try log.append(event(String(repeating: "a", count: 5000)), at: 1)
        try log.append(event("b"), at: 2)
        #expect(messages(log, from: try log.cursor(for: .earliest)).map(\.count) == [5097, 101])
    }

    @Test("a run ends at the limit of events or of bytes, but holds one event at least")
    func runLimits() throws {
        let log = try log(10)
        var cursor = try log.cursor(for: .earliest)
        #expect(log.nextRun(at: &cursor, maximumEvents: 0, maximumBytes: 1000) == nil)
        #expect(log.nextRun(at: &cursor, maximumEvents: 2, maximumBytes: 100_000)?.count == 2)
        #expect(log.nextRun(at: &cursor, maximumEvents: 5, maximumBytes: 1)?.count == 1)
        #expect(log.nextRun(at: &cursor, maximumEvents: 50, maximumBytes: 300)?.count == 2)
        #expect(log.nextRun(at: &cursor, maximumEvents: 50, maximumBytes: 100_000)?.count == 5)
        #expect(log.nextRun(at: &cursor, maximumEvents: 50, maximumBytes: 100_000) == nil)
    }

    private final class Observer: PartitionLogObserver {
        let calls = Atomic(0)
        func partitionLogGrew() { calls.add(1, ordering: .relaxed) }
    }

    @Test("a reader at the end is told once, and only when there is something")
    func waiting() throws {
        let log = try log(1)
        let observer = Observer()
        #expect(!log.wait(observer, at: PartitionLog.Cursor(sequenceNumber: 0)))
        #expect(log.wait(observer, at: PartitionLog.Cursor(sequenceNumber: 1)))
        #expect(log.wait(observer, at: PartitionLog.Cursor(sequenceNumber: 1)))
        try log.append(event("x"), at: 5000)
        try log.append(event("x"), at: 5000)
        #expect(observer.calls.load(ordering: .relaxed) == 1)
        #expect(log.wait(observer, at: PartitionLog.Cursor(sequenceNumber: 3)))
        log.stopWaiting(observer)
        try log.append(event("x"), at: 5000)
        #expect(observer.calls.load(ordering: .relaxed) == 1)
    }

    @Test("a reader whose events have all been dropped waits for the next")
    func waitingBehindTheStart() throws {
        let log = try log(3, retention: Retention(maximumBytes: 1 << 20, maximumAge: 100))
        #expect(log.summary(at: 5000).isEmpty)
        var cursor = PartitionLog.Cursor(sequenceNumber: 1)
        #expect(log.nextRun(at: &cursor, maximumEvents: 1, maximumBytes: 1) == nil)
        #expect(log.wait(Observer(), at: cursor))
        try log.append(event("x"), at: 5000)
        #expect(log.nextRun(at: &cursor, maximumEvents: 1, maximumBytes: 1)?.firstSequenceNumber == 3)
    }

    @Test("enqueued times never step back")
    func clockStepsBack() throws {
        let log = try log(1)
        try log.append(event("x"), at: 5)
        #expect(log.summary(at: 0).lastEnqueuedTime == 1000)
    }
}
