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

import AMQPCodec
import Testing

/// Input that asks for more than it brings.
@Suite struct DecodingLimitsTests {
    private func failure(_ bytes: [UInt8], limits: DecodingLimits = .default) -> DecodingError? {
        decodingError { () throws(DecodingError) in _ = try decodeValue(bytes, limits: limits) }
    }

    /// A null inside so many lists.
    private func nestedLists(_ depth: Int) -> [UInt8] {
        (0..<depth).reduce([0x40]) { inner, _ in
            let size = UInt32(inner.count + 4)
            return [0xD0] + (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + [0, 0, 0, 1] + inner
        }
    }

    @Test func depthOfLists() {
        #expect(self.failure(self.nestedLists(32)) == nil)
        #expect(self.failure(self.nestedLists(33))?.code == .nestingTooDeep)
        #expect(self.failure(self.nestedLists(20_000))?.code == .nestingTooDeep)
        #expect(self.failure(self.nestedLists(3), limits: DecodingLimits(maximumDepth: 2))?.code == .nestingTooDeep)
    }

    @Test func depthOfDescriptors() {
        let inValues = [UInt8](repeating: 0, count: 100_000)
        #expect(self.failure(inValues)?.code == .nestingTooDeep)
        let alternating = (0..<50_000).flatMap { _ -> [UInt8] in [0x00, 0x53, 0x01] }
        #expect(self.failure(alternating)?.code == .nestingTooDeep)
        let inArrays = hex("f0 00010000 00000001") + (0..<21_844).flatMap { _ -> [UInt8] in [0x00, 0x53, 0x01] }
        #expect(self.failure(inArrays + [UInt8](repeating: 0, count: 100))?.code == .nestingTooDeep)
    }

    @Test func depthOfArrays() {
        // An array of one ubyte, without its own constructor, inside 40 arrays of one array.
        var bytes: [UInt8] = [0x03, 0x01, 0x50, 0x07]
        for _ in 0..<40 { bytes = [UInt8(bytes.count + 2), 0x01, 0xE0] + bytes }
        #expect(self.failure([0xE0] + bytes)?.code == .nestingTooDeep)
    }

    @Test(arguments: [UInt8(0x40), 0x41, 0x42, 0x43, 0x44, 0x45])
    func elementsWithoutBytes(_ constructor: UInt8) {
        #expect(self.failure(hex("f0 00000005 ffffffff") + [constructor])?.code == .tooManyElements)
        #expect(self.failure(hex("f0 00000005 00010001") + [constructor])?.code == .tooManyElements)
        #expect(self.failure(hex("f0 00000005 00010000") + [constructor]) == nil)
    }

    @Test func elementsWithoutBytesAreCountedTogether() {
        // Two arrays of 40,000 nulls in one list.
        let array = hex("f0 00000005 00009c40 40")
        #expect(self.failure(hex("c0 15 02") + array + array)?.code == .tooManyElements)
        #expect(self.failure(hex("c0 0b 01") + array) == nil)
    }

    @Test func aMessageCannotMultiplyTheLimit() {
        // Sections of ten bytes that hold 60,000 nulls each.
        let section = hex("005376 c0 0b 01 f0 00000005 0000ea60 40")
        let bytes = section + section
        let error = decodingError { () throws(DecodingError) in _ = try Message(decoding: bytes) }
        #expect(error?.code == .tooManyElements)
        #expect(error?.path == "amqp-sequence")
    }

    @Test func elementsWithBytes() {
        let list = hex("c0 04 03 40 40 40")
        #expect(self.failure(list, limits: DecodingLimits(maximumElements: 3)) == nil)
        #expect(self.failure(list, limits: DecodingLimits(maximumElements: 2))?.code == .tooManyElements)
    }

    @Test(arguments: [
        "b0 ffffffff", "b1 ffffffff", "b3 ffffffff", "d0 ffffffff ffffffff", "d1 ffffffff fffffffe",
        "f0 ffffffff ffffffff 50", "a0 ff", "c0 ff ff", "e0 ff ff 50",
    ])
    func lengthsWithoutBytes(_ bytes: String) {
        #expect(self.failure(hex(bytes))?.code == .truncated)
    }

    @Test(arguments: [
        "d0 00000005 ffffffff 40", "d1 00000006 fffffffe 4040", "f0 00000006 ffffffff 50 01",
        "f0 00000009 3fffffff 80 00000000", "f0 00000009 0fffffff d0 00000000",
    ])
    func countsWithoutBytes(_ bytes: String) {
        #expect(self.failure(hex(bytes))?.code == .sizeMismatch)
    }
}
