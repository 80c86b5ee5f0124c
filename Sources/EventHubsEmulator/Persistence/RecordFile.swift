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

import CZlib

/// How records lie in the files of a data directory.
///
/// Eight bytes say what a file holds, and in which version. Records follow and are only ever added at the end. Numbers are
/// little-endian.
///
/// | Offset | Size | Field |
/// | --- | --- | --- |
/// | 0 | 4 | length of the payload |
/// | 4 | 4 | CRC-32 of the length |
/// | 8 | 4 | CRC-32 of the payload |
/// | 12 | length | payload |
///
/// A crash leaves the front part of a record at the end of a file, or, when the machine lost power, an end that was never
/// filled: zeros, or a last payload that does not match. That is a *torn tail*; it was never more than handed to the system,
/// and is cut off. The length has a checksum of its own so that a damaged one is told from a record that was cut short.
/// Everything else that does not fit is damage, and nothing is guessed about it.
enum RecordFile {
    enum Kind: String {
        case segment = "EHEMUS01"
        case blobs = "EHEMUB01"

        var bytes: [UInt8] { Array(rawValue.utf8) }
    }

    static let headerSize = 12
    /// The longest payload. What a file claims beyond that is damage.
    static let maximumPayload = 1 << 30

    /// The header of a record whose payload lies in several parts.
    static func header(of parts: [UnsafeRawBufferPointer]) -> [UInt8] {
        let length = parts.reduce(0) { $0 + $1.count }
        var header = littleEndian(UInt32(length))
        header += littleEndian(header.withUnsafeBytes { checksum([$0]) })
        header += littleEndian(checksum(parts))
        return header
    }

    static func checksum(_ parts: [UnsafeRawBufferPointer]) -> UInt32 {
        var sum = crc32(0, nil, 0)
        for part in parts where !part.isEmpty {
            sum = crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, uInt(part.count))
        }
        return UInt32(sum)
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func number<Value: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, as type: Value.Type) -> Value {
        bytes.reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}

/// Reads a file of records from front to back.
struct RecordReader {
    enum Step {
        case record([UInt8])
        case end
        /// The file ends with something that is no whole record, and why.
        case torn(String)
    }

    private static let chunkSize = 256 * 1024

    let file: DataFile
    /// Where the last record that was whole ends.
    private(set) var position: Int64 = 0
    private let kind: RecordFile.Kind
    private var chunk: [UInt8] = []
    private var chunkStart: Int64 = 0

    init(_ file: DataFile, _ kind: RecordFile.Kind) {
        self.file = file
        self.kind = kind
    }

    mutating func next() throws(EmulatorError) -> Step {
        if position == 0 {
            let magic = kind.bytes
            guard file.size >= magic.count else { return .torn("it ends in the first \(magic.count) bytes") }
            let found = Array(try bytes(at: 0, magic.count))
            guard found == magic else {
                if try isBlank(from: 0) { return .torn("it was never filled") }
                throw .damaged(file.path, at: 0, "it does not begin with \(kind.rawValue)")
            }
            position = Int64(magic.count)
        }
        let left = file.size - position
        guard left > 0 else { return .end }
        let headerSize = RecordFile.headerSize
        guard left >= headerSize else { return .torn("a record of which \(left) bytes are there") }
        let header = try bytes(at: position, headerSize)
        let start = header.startIndex
        let length = Int(RecordFile.number(header[start..<start + 4], as: UInt32.self))
        let lengthSum = RecordFile.number(header[start + 4..<start + 8], as: UInt32.self)
        let payloadSum = RecordFile.number(header[start + 8..<start + 12], as: UInt32.self)
        guard header[start..<start + 4].withUnsafeBytes({ RecordFile.checksum([$0]) }) == lengthSum else {
            if try isBlank(from: position) { return .torn("a record that was never filled") }
            throw .damaged(file.path, at: position, "the length of a record does not match its checksum")
        }
        guard length <= RecordFile.maximumPayload else {
            throw .damaged(file.path, at: position, "a record of \(length) bytes")
        }
        guard left - Int64(headerSize) >= length else {
            return .torn("a record of \(length) bytes of which \(left - Int64(headerSize)) are there")
        }
        let payload = Array(try bytes(at: position + Int64(headerSize), length))
        guard payload.withUnsafeBytes({ RecordFile.checksum([$0]) }) == payloadSum else {
            let isLast = left == Int64(headerSize) + Int64(length)
            if isLast { return .torn("a record that does not match its checksum") }
            throw .damaged(file.path, at: position, "a record does not match its checksum")
        }
        position += Int64(headerSize + length)
        return .record(payload)
    }

    /// Bytes that the file has.
    private mutating func bytes(at place: Int64, _ count: Int) throws(EmulatorError) -> ArraySlice<UInt8> {
        if place < chunkStart || place + Int64(count) > chunkStart + Int64(chunk.count) {
            chunk = try file.read(at: place, count: max(count, Self.chunkSize))
            chunkStart = place
        }
        let start = Int(place - chunkStart)
        guard start + count <= chunk.count else {
            throw .damaged(file.path, at: place, "it became shorter while it was read")
        }
        return chunk[start..<start + count]
    }

    private func isBlank(from place: Int64) throws(EmulatorError) -> Bool {
        var place = place
        while place < file.size {
            let bytes = try file.read(at: place, count: Self.chunkSize)
            guard !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) else { return false }
            place += Int64(bytes.count)
        }
        return true
    }
}
