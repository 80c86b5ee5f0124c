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

@Suite struct UUIDBytesTests {
    @Test func textAndBytes() throws {
        let uuid = try #require(UUIDBytes("00112233-4455-6677-8899-AABBccddeeff"))
        #expect(uuid.description == "00112233-4455-6677-8899-aabbccddeeff")
        #expect(uuid.bytes == hex("00112233445566778899aabbccddeeff"))
        #expect(UUIDBytes(bytes: uuid.bytes) == uuid)
    }

    @Test(arguments: [
        "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefff",
        "0011223344556677-8899-aabbccddeeff--", "00112233-4455-6677-8899-aabbccddeegg",
        "00112233445566778899aabbccddeeff",
    ])
    func otherText(_ text: String) {
        #expect(UUIDBytes(text) == nil)
    }

    @Test func otherCounts() {
        #expect(UUIDBytes(bytes: []) == nil)
        #expect(UUIDBytes(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    }

    @Test func randomOnesAreVersion4() {
        let uuid = UUIDBytes.random()
        #expect(uuid.high >> 12 & 0xF == 4)
        #expect(uuid.low >> 62 == 2)
    }
}
