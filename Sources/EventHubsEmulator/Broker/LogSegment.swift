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

/// A stretch of a partition's log: memory that is only ever appended to.
///
/// Each record is a length of four bytes, little-endian, and a message as readers get it. Bytes that have been committed never change,
/// so a reader that learned of them under the log's lock may read them without it.
final class LogSegment: @unchecked Sendable {
    /// Where a record lies, and when it was enqueued.
    struct Entry {
        var position: Int
        var enqueuedTime: Int64
    }

    static let recordHeaderSize = 4

    let firstSequenceNumber: Int64
    /// The byte position in the log at which the segment begins.
    let startPosition: Int64
    private let memory: UnsafeMutableRawBufferPointer

    // Changed under the log's lock only.
    private(set) var byteCount = 0
    private(set) var entries: [Entry] = []

    init(firstSequenceNumber: Int64, startPosition: Int64, capacity: Int) {
        self.firstSequenceNumber = firstSequenceNumber
        self.startPosition = startPosition
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var nextSequenceNumber: Int64 { firstSequenceNumber + Int64(entries.count) }
    var endPosition: Int64 { startPosition + Int64(byteCount) }

    /// How many bytes of records it can still take.
    var room: Int { memory.count - byteCount }

    /// Appends a record whose message is written by `body`, which gets exactly `messageSize` bytes to fill.
    func append(messageSize: Int, enqueuedTime: Int64, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        let header = Self.recordHeaderSize
        precondition(room >= header + messageSize, "the log chose a segment without room")
        memory.storeBytes(of: UInt32(messageSize).littleEndian, toByteOffset: byteCount, as: UInt32.self)
        let start = byteCount + header
        body(UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + messageSize]))
        entries.append(Entry(position: byteCount, enqueuedTime: enqueuedTime))
        byteCount = start + messageSize
    }

    /// Appends records as ``bytes(in:)`` gave them once. False, and nothing is appended, when they are not `count` whole ones
    /// or do not fit.
    func append(records: UnsafeRawBufferPointer, count: Int, at enqueuedTime: Int64) -> Bool {
        guard records.count <= room else { return false }
        var new: [Entry] = []
        var position = 0
        while position < records.count {
            let start = position + Self.recordHeaderSize
            guard start <= records.count else { return false }
            let size = Int(UInt32(littleEndian: records.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            guard size <= records.count - start else { return false }
            new.append(Entry(position: byteCount + position, enqueuedTime: enqueuedTime))
            position = start + size
        }
        guard new.count == count else { return false }
        UnsafeMutableRawBufferPointer(rebasing: memory[byteCount..<byteCount + records.count]).copyMemory(from: records)
        entries += new
        byteCount += records.count
        return true
    }

    /// Takes back the records behind the first `count`, which nobody has seen.
    func removeRecords(behind count: Int) {
        guard count < entries.count else { return }
        byteCount = entries[count].position
        entries.removeSubrange(count...)
    }

    /// The committed bytes of a range of records.
    func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[range])
    }
}

/// Consecutive events of one segment, safe to read without the log's lock.
package struct LogRun: Sendable {
    let segment: LogSegment
    let range: Range<Int>
    package let firstSequenceNumber: Int64
    package let count: Int
}

extension LogRun: Sequence {
    /// Walks the messages. Their memory is good as long as the run is.
    package struct Iterator: IteratorProtocol {
        private let run: LogRun
        private let bytes: UnsafeRawBufferPointer
        private var position = 0
        private var left: Int

        init(_ run: LogRun) {
            self.run = run
            bytes = run.segment.bytes(in: run.range)
            left = run.count
        }

        package mutating func next() -> UnsafeRawBufferPointer? {
            guard left > 0 else { return nil }
            left -= 1
            let size = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            let start = position + LogSegment.recordHeaderSize
            position = start + size
            // Slicing checks the bounds.
            return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
        }
    }

    package func makeIterator() -> Iterator { Iterator(self) }

    package var underestimatedCount: Int { count }
}
