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

@Suite("Files of records")
struct RecordFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private enum Found: Equatable {
        case records([[UInt8]])
        case torn(at: Int64, [[UInt8]])
        case damaged
    }

    private func read(_ bytes: [UInt8]) throws -> Found {
        try directory.write(bytes, to: "file")
        var reader = RecordReader(try DataFile.open("\(directory.path)/file"), .blobs)
        var records: [[UInt8]] = []
        do {
            while true {
                switch try reader.next() {
                case .record(let payload): records.append(payload)
                case .end: return .records(records)
                case .torn: return .torn(at: reader.position, records)
                }
            }
        } catch {
            #expect(error.code == .dataDirectoryDamaged)
            #expect(error.message.hasPrefix("\(directory.path)/file is damaged at byte"))
            return .damaged
        }
    }

    private func record(_ payload: String) -> [UInt8] {
        let bytes = Array(payload.utf8)
        return bytes.withUnsafeBytes { RecordFile.header(of: [$0]) } + bytes
    }

    private var start: [UInt8] { Array("EHEMUB01".utf8) }

    @Test("a record is length, checksum of the length, checksum of the payload, payload")
    func layout() {
        // CBF43926 is the check value that descriptions of CRC-32 give for these nine digits; zlib gives 5C4C9096 for 09 00 00 00.
        #expect(record("123456789") == hex("09000000") + hex("96904c5c") + hex("2639f4cb") + Array("123456789".utf8))
        let parts = [Array("1234".utf8), Array("56789".utf8)]
        parts[0].withUnsafeBytes { first in
            parts[1].withUnsafeBytes { second in
                #expect(RecordFile.header(of: [first, second]) == Array(record("123456789").prefix(12)))
            }
        }
    }

    @Test("records come back; a file that ends within one is torn, wherever that is")
    func tornAtEveryByte() throws {
        let whole = start + record("one") + record("")
        let file = whole + record("a last record")
        #expect(try read(file) == .records([Array("one".utf8), [], Array("a last record".utf8)]))
        #expect(try read(whole) == .records([Array("one".utf8), []]))
        for length in whole.count + 1..<file.count {
            #expect(try read(Array(file[..<length])) == .torn(at: Int64(whole.count), [Array("one".utf8), []]))
        }
        for length in 0..<start.count { #expect(try read(Array(file[..<length])) == .torn(at: 0, [])) }
    }

    @Test("an end that was never filled is torn: zeros, or a last payload that does not match")
    func unfilled() throws {
        let whole = start + record("one")
        let torn = Found.torn(at: Int64(whole.count), [Array("one".utf8)])
        #expect(try read(whole + [UInt8](repeating: 0, count: 4096)) == torn)
        #expect(try read(whole + record("two").prefix(12) + [0, 0, 0]) == torn)
        #expect(try read([UInt8](repeating: 0, count: 100)) == .torn(at: 0, []))
    }

    @Test("a flipped bit anywhere before the last record is damage")
    func damagedAtEveryByte() throws {
        let front = start + record("one") + record("two")
        for index in front.indices {
            var bytes = front + record("last")
            bytes[index] ^= 0x10
            #expect(try read(bytes) == .damaged, "byte \(index)")
        }
    }

    @Test("a flipped bit in the last record's length is damage and allocates nothing, one in its payload a torn tail")
    func damagedLast() throws {
        let front = start + record("one")
        for index in 0..<8 {
            var bytes = front + record("last")
            bytes[front.count + index] ^= 0x80
            #expect(try read(bytes) == .damaged, "byte \(index)")
        }
        var bytes = front + record("last")
        bytes[bytes.count - 1] ^= 1
        #expect(try read(bytes) == .torn(at: Int64(front.count), [Array("one".utf8)]))
    }

    @Test("a length beyond every limit is damage, also with a checksum that fits")
    func enormous() throws {
        let length = RecordFile.littleEndian(UInt32.max)
        let sum = RecordFile.littleEndian(length.withUnsafeBytes { RecordFile.checksum([$0]) })
        #expect(try read(start + length + sum + [0, 0, 0, 0] + [1]) == .damaged)
    }

    @Test("a file of another kind is damage")
    func otherKind() throws {
        #expect(try read(Array("EHEMUS01".utf8)) == .damaged)
        #expect(try read(Array("something else entirely".utf8)) == .damaged)
    }
}
