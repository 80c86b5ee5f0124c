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

import Logging

/// The files of one partition: what its log holds in memory, segment for segment.
///
/// The name of a file is the sequence number of its first event. Its first record says so too, where in the log the segment
/// begins, and how far idempotent producers had come by then. Every other record is one delivery of a sender, all or nothing, with
/// the number that an idempotent producer gave it; or it says that such a producer was let in. ``SegmentRecord`` has the bytes.
/// So a producer's number is there if, and only if, its events are.
///
/// The newest file stays when its events have expired: it says how far the partition and its producers have counted.
final class SegmentFiles {
    static let suffix = ".events"
    /// How many bytes of producers that were let in a file may hold before it is written anew, with all of them in its head.
    private static let smallestCompaction = 1024 * 1024

    private let directory: String
    private let compactionSize: Int
    private let logger: Logger?
    /// The first sequence numbers of the files there are, ascending.
    private var firsts: [Int64] = []
    /// How many bytes of the newest file say that producers were let in.
    private var producerBytes = 0
    private let openFiles: OpenFiles
    private var isClosed = false

    /// Files in a directory, which is made when there is something to put in.
    init(
        directory: String,
        openFiles: OpenFiles = OpenFiles(),
        compactionSize: Int = smallestCompaction,
        logger: Logger?
    ) {
        self.directory = directory
        self.openFiles = openFiles
        self.compactionSize = compactionSize
        self.logger = logger
    }

    /// Reads everything. The last segment has room for as much as `segmentSize` says.
    func load(segmentSize: Int) throws(EmulatorError) -> ([LogSegment], ProducerSequences) {
        let names = try DataFile.names(in: directory).filter { $0.hasSuffix(Self.suffix) }
        var segments: [LogSegment] = []
        var producers = ProducerSequences()
        for (index, name) in names.enumerated() {
            let path = "\(directory)/\(name)"
            guard let first = Int64(name.dropLast(Self.suffix.count)), first >= 0, self.name(first) == name else {
                throw .damaged(path, at: 0, "its name is no sequence number")
            }
            let isNewest = index == names.count - 1
            guard let content = try load(path, first, isNewest ? segmentSize : 0, isNewest: isNewest) else { continue }
            if let before = segments.last,
                before.nextSequenceNumber != first || before.endPosition != content.segment.startPosition
            {
                throw .damaged(path, at: 0, "events \(before.nextSequenceNumber) to \(first - 1) are missing before it")
            }
            if content.hasEvents { segments.append(content.segment) }
            producers = content.producers
            producerBytes = content.producerBytes
            firsts.append(first)
        }
        return (segments, producers)
    }

    /// What a file holds.
    private struct Content {
        let segment: LogSegment
        /// How far they had come when the file was left.
        var producers: ProducerSequences
        var producerBytes = 0

        var hasEvents: Bool { !segment.entries.isEmpty }
        /// Whether there is more than what is left of a file that a crash cut short when it was made: the first delivery comes with
        /// the head. Only a file to which none has come yet may be without.
        var isSomething: Bool { hasEvents || (segment.firstSequenceNumber == 0 && !producers.isEmpty) }

        /// False when the record cannot follow.
        mutating func take(_ payload: [UInt8]) -> Bool {
            switch SegmentRecord(payload) {
            case .producer(let stamp):
                let claim = ProducerSequences.Claim(
                    id: stamp.id,
                    epoch: stamp.epoch,
                    sequenceNumber: stamp.sequenceNumber
                )
                producerBytes += RecordFile.headerSize + payload.count
                return (try? producers.open(claim) { stamp.id }) == stamp
            case .delivery(let time, let count, let stamp, let events):
                if let stamp {
                    guard (try? producers.verdict(on: stamp, count: count)) == .new else { return false }
                    producers.stored(stamp, count: count)
                }
                return payload.withUnsafeBytes { bytes in
                    segment.append(records: UnsafeRawBufferPointer(rebasing: bytes[events]), count: count, at: time)
                }
            case nil:
                return false
            }
        }
    }

    /// Reads one file; nil when a crash came before it held anything.
    private func load(_ path: String, _ first: Int64, _ room: Int, isNewest: Bool) throws(EmulatorError) -> Content? {
        let file = try DataFile.open(path)
        guard file.size <= RecordFile.maximumPayload else {
            throw .damaged(path, at: 0, "a segment of \(file.size) bytes")
        }
        var reader = RecordReader(file, .segment)
        var content: Content?
        while true {
            let place = reader.position
            switch try reader.next() {
            case .record(let payload):
                if content != nil {
                    guard content?.take(payload) == true else {
                        throw .damaged(path, at: place, "a record that does not hold what it says")
                    }
                } else {
                    content = try makeContent(path, first, head: payload, capacity: max(room, Int(file.size)))
                }
            case .end:
                if let content, content.hasEvents || (isNewest && content.isSomething) { return content }
                guard isNewest else { throw .damaged(path, at: place, "it holds no event") }
                try DataFile.remove(path)
                return nil
            case .torn(let reason):
                guard isNewest else { throw .damaged(path, at: reader.position, reason) }
                logger?.warning(
                    "cut off what a crash left unfinished",
                    metadata: ["file": "\(path)", "byte": "\(reader.position)", "reason": "\(reason)"]
                )
                if let content, content.isSomething {
                    try file.truncate(to: reader.position)
                    return content
                }
                try DataFile.remove(path)
                return nil
            }
        }
    }

    private func makeContent(
        _ path: String,
        _ first: Int64,
        head: [UInt8],
        capacity: Int
    ) throws(EmulatorError) -> Content {
        guard let head = SegmentRecord.Head(decoding: head), head.first == first else {
            throw .damaged(path, at: 0, "its head does not fit its name")
        }
        guard head.position >= 0 else { throw .damaged(path, at: 0, "it begins before the log") }
        return Content(
            segment: LogSegment(firstSequenceNumber: first, startPosition: head.position, capacity: capacity),
            producers: head.producers
        )
    }

    /// What a file says of a delivery besides its events.
    struct Delivery {
        var time: Int64
        var count: Int
        var stamp: ProducerSequences.Stamp?
    }

    /// Appends the newest records of a segment, all or none. `producers` is how far they had come before.
    func append(
        _ range: Range<Int>,
        of segment: LogSegment,
        as delivery: Delivery,
        _ producers: ProducerSequences
    ) throws(EmulatorError) {
        let head = SegmentRecord.encodedDelivery(at: delivery.time, count: delivery.count, stamp: delivery.stamp)
        let events = segment.bytes(in: range)
        guard head.count + events.count <= RecordFile.maximumPayload else {
            throw EmulatorError(.dataDirectoryFailed, "a delivery of \(events.count) bytes is too large for a file")
        }
        let start = head.withUnsafeBytes { RecordFile.header(of: [$0, events]) } + head
        try append(start, events, to: segment.firstSequenceNumber, from: segment.startPosition, producers)
    }

    /// Notes that a producer was let in. `producers` is how far they had come before.
    func letIn(_ stamp: ProducerSequences.Stamp, beside producers: ProducerSequences) throws(EmulatorError) {
        if let newest = firsts.last, producerBytes >= compactionSize { compact(newest, producers) }
        let record = Self.record(SegmentRecord.encodedProducer(stamp))
        // Where there is no file yet, no event has come.
        try append(record, UnsafeRawBufferPointer(start: nil, count: 0), to: firsts.last ?? 0, from: 0, producers)
        producerBytes += record.count
    }

    /// Appends a record to a file, or makes the file.
    private func append(
        _ start: [UInt8],
        _ events: UnsafeRawBufferPointer,
        to first: Int64,
        from position: Int64,
        _ producers: ProducerSequences
    ) throws(EmulatorError) {
        guard !isClosed else { throw EmulatorError(.dataDirectoryFailed, "the emulator has stopped") }
        let path = path(first)
        guard first != firsts.last else { return try openFiles.append(start, events, to: path) }
        if firsts.isEmpty { try DataFile.makeDirectory(directory) }
        let head = Self.record(
            SegmentRecord.Head(first: first, position: position, producers: producers).encoded()
        )
        do throws(EmulatorError) {
            try openFiles.append(RecordFile.Kind.segment.bytes + head + start, events, to: path, creating: true)
        } catch {
            openFiles.close(path)
            try? DataFile.remove(path)
            throw error
        }
        if let full = firsts.last { openFiles.close(self.path(full)) }
        firsts.append(first)
        producerBytes = 0
    }

    /// Writes a file anew: its head tells of the producers, and what told of them one after the other is left out. On failure the old
    /// one goes on.
    private func compact(_ first: Int64, _ producers: ProducerSequences) {
        let path = path(first)
        let temporary = path + DataFile.temporarySuffix
        do throws(EmulatorError) {
            var reader = RecordReader(try DataFile.open(path), .segment)
            guard case .record(let payload) = try reader.next(), var head = SegmentRecord.Head(decoding: payload) else {
                return
            }
            head.producers = producers
            let new = try DataFile.open(temporary, creating: true)
            try new.append(RecordFile.Kind.segment.bytes + Self.record(head.encoded()))
            while case .record(let payload) = try reader.next() {
                guard case .delivery(let time, let count, _, let events)? = SegmentRecord(payload) else { continue }
                let start = SegmentRecord.encodedDelivery(at: time, count: count, stamp: nil)
                try new.append(Self.record(start + payload[events]))
            }
            // Its name must not come to the disk before it does.
            try new.synchronize()
            openFiles.close(path)
            try DataFile.move(temporary, to: path)
        } catch {
            logger?.warning("cannot shorten a segment", metadata: ["error": "\(error)"])
        }
        producerBytes = 0
    }

    private static func record(_ payload: [UInt8]) -> [UInt8] {
        payload.withUnsafeBytes { RecordFile.header(of: [$0]) } + payload
    }

    /// Removes the files of segments that the log has dropped, oldest first. One that cannot be removed is tried again the next time.
    func removeSegments(before sequenceNumber: Int64) {
        while firsts.count > 1, firsts[0] < sequenceNumber {
            do throws(EmulatorError) {
                try DataFile.remove(path(firsts[0]))
            } catch {
                logger?.warning("cannot remove a segment", metadata: ["error": "\(error)"])
                return
            }
            firsts.removeFirst()
        }
    }

    /// Takes nothing any more.
    func close() {
        isClosed = true
        if let newest = firsts.last { openFiles.close(path(newest)) }
    }

    private func path(_ first: Int64) -> String { "\(directory)/\(name(first))" }

    private func name(_ first: Int64) -> String {
        let digits = String(first)
        return String(repeating: "0", count: max(20 - digits.count, 0)) + digits + Self.suffix
    }
}
