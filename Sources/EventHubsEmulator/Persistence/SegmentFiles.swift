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
/// The name of a file is the sequence number of its first event. Its first record holds that number and the byte position in
/// the log at which the segment begins (8 bytes each). Every other record is one delivery of a sender, all or nothing: the
/// time at which it was enqueued (8 bytes), the number of its events (4 bytes), and the events as ``LogSegment`` holds them.
///
/// The newest file stays when its events have expired: it says how far the partition has counted.
final class SegmentFiles {
    static let suffix = ".events"
    private static let headSize = 16
    private static let deliveryHeadSize = 12

    private let directory: String
    private let logger: Logger?
    /// The first sequence numbers of the files there are, ascending.
    private var firsts: [Int64] = []
    private let openFiles: OpenFiles
    private var isClosed = false

    /// Files in a directory, which is made when there is something to put in.
    init(directory: String, openFiles: OpenFiles = OpenFiles(), logger: Logger?) {
        self.directory = directory
        self.openFiles = openFiles
        self.logger = logger
    }

    /// Reads everything. The last segment has room for as much as `segmentSize` says.
    func load(segmentSize: Int) throws(EmulatorError) -> [LogSegment] {
        let names = try DataFile.names(in: directory).filter { $0.hasSuffix(Self.suffix) }
        var segments: [LogSegment] = []
        for (index, name) in names.enumerated() {
            let path = "\(directory)/\(name)"
            guard let first = Int64(name.dropLast(Self.suffix.count)), first >= 0, self.name(first) == name else {
                throw .damaged(path, at: 0, "its name is no sequence number")
            }
            let isNewest = index == names.count - 1
            guard let segment = try load(path, first, isNewest ? segmentSize : 0, isNewest: isNewest) else { continue }
            if let before = segments.last,
                before.nextSequenceNumber != first || before.endPosition != segment.startPosition
            {
                throw .damaged(path, at: 0, "events \(before.nextSequenceNumber) to \(first - 1) are missing before it")
            }
            segments.append(segment)
            firsts.append(first)
        }
        return segments
    }

    /// Reads one file; nil when a crash came before it held anything.
    private func load(_ path: String, _ first: Int64, _ room: Int, isNewest: Bool) throws(EmulatorError) -> LogSegment?
    {
        let file = try DataFile.open(path)
        guard file.size <= RecordFile.maximumPayload else {
            throw .damaged(path, at: 0, "a segment of \(file.size) bytes")
        }
        var reader = RecordReader(file, .segment)
        var segment: LogSegment?
        while true {
            let place = reader.position
            switch try reader.next() {
            case .record(let payload):
                if let segment {
                    guard Self.append(payload, to: segment) else {
                        throw .damaged(path, at: place, "a delivery that does not hold the events it says")
                    }
                } else {
                    segment = try makeSegment(path, first, head: payload, capacity: max(room, Int(file.size)))
                }
            case .end:
                if let segment, !segment.entries.isEmpty { return segment }
                guard isNewest else { throw .damaged(path, at: place, "it holds no event") }
                try DataFile.remove(path)
                return nil
            case .torn(let reason):
                guard isNewest else { throw .damaged(path, at: reader.position, reason) }
                logger?.warning(
                    "cut off what a crash left unfinished",
                    metadata: ["file": "\(path)", "byte": "\(reader.position)", "reason": "\(reason)"]
                )
                if let segment, !segment.entries.isEmpty {
                    try file.truncate(to: reader.position)
                    return segment
                }
                // The first delivery comes with the head: without it the file was never there.
                try DataFile.remove(path)
                return nil
            }
        }
    }

    private func makeSegment(
        _ path: String,
        _ first: Int64,
        head: [UInt8],
        capacity: Int
    ) throws(EmulatorError) -> LogSegment {
        guard head.count == Self.headSize, RecordFile.number(head[0..<8], as: Int64.self) == first else {
            throw .damaged(path, at: 0, "its head does not fit its name")
        }
        let position = RecordFile.number(head[8..<16], as: Int64.self)
        guard position >= 0 else { throw .damaged(path, at: 0, "it begins before the log") }
        return LogSegment(firstSequenceNumber: first, startPosition: position, capacity: capacity)
    }

    private static func append(_ delivery: [UInt8], to segment: LogSegment) -> Bool {
        guard delivery.count > deliveryHeadSize else { return false }
        let time = RecordFile.number(delivery[0..<8], as: Int64.self)
        let count = Int(RecordFile.number(delivery[8..<12], as: UInt32.self))
        return delivery.withUnsafeBytes { bytes in
            segment.append(
                records: UnsafeRawBufferPointer(rebasing: bytes[deliveryHeadSize...]),
                count: count,
                at: time
            )
        }
    }

    /// Appends the newest records of a segment, all or none.
    func append(_ range: Range<Int>, of segment: LogSegment, count: Int, at time: Int64) throws(EmulatorError) {
        guard !isClosed else { throw EmulatorError(.dataDirectoryFailed, "the emulator has stopped") }
        let head = RecordFile.littleEndian(time) + RecordFile.littleEndian(UInt32(count))
        let events = segment.bytes(in: range)
        guard head.count + events.count <= RecordFile.maximumPayload else {
            throw EmulatorError(.dataDirectoryFailed, "a delivery of \(events.count) bytes is too large for a file")
        }
        let start = head.withUnsafeBytes { RecordFile.header(of: [$0, events]) } + head
        if segment.firstSequenceNumber == firsts.last {
            try openFiles.append(start, events, to: path(segment.firstSequenceNumber))
        } else {
            try begin(segment, start, events)
        }
    }

    /// Makes a file, with its head and its first delivery.
    private func begin(_ segment: LogSegment, _ start: [UInt8], _ events: UnsafeRawBufferPointer) throws(EmulatorError)
    {
        if firsts.isEmpty { try DataFile.makeDirectory(directory) }
        let first = segment.firstSequenceNumber
        let head = RecordFile.littleEndian(first) + RecordFile.littleEndian(segment.startPosition)
        let path = path(first)
        do throws(EmulatorError) {
            let record = head.withUnsafeBytes { RecordFile.header(of: [$0]) } + head
            try openFiles.append(RecordFile.Kind.segment.bytes + record + start, events, to: path, creating: true)
        } catch {
            openFiles.close(path)
            try? DataFile.remove(path)
            throw error
        }
        if let full = firsts.last { openFiles.close(self.path(full)) }
        firsts.append(first)
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
