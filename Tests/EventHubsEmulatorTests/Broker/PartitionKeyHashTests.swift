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

import EventHubsEmulator
import Testing

@Suite("Partition key hash")
struct PartitionKeyHashTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var key: String
        var c: UInt32?
        var b: UInt32?
        var hash: Int16
        var indexes: [Int]

        init(_ key: String, _ c: UInt32?, _ b: UInt32?, _ hash: Int16, _ indexes: [Int]) {
            (self.key, self.c, self.b, self.hash, self.indexes) = (key, c, b, hash, indexes)
        }

        var testDescription: String { key }
    }

    /// Words and hashes of another implementation; partitions for 4, 10 and 32.
    static let vectors = [
        Vector("", 0xDEAD_BEEF, 0xDEAD_BEEF, 0, [0, 0, 0]),
        Vector("a", 0x58D6_8708, 0x5826_47AC, -16220, [0, 0, 28]),
        Vector("7", 0xF7CA_9C57, 0xAF02_5836, -15263, [3, 3, 31]),
        Vector("131", 0xE64C_380A, 0xDAC5_4F68, 30562, [2, 2, 2]),
        Vector("key", 0x7935_F00C, 0x81DA_DC97, 11419, [3, 9, 27]),
        Vector("test", 0xBE0C_1952, 0x6DA2_C9AE, -12036, [0, 6, 4]),
        Vector("hello", 0x34CB_BC6E, 0x5C04_B779, 2839, [3, 9, 23]),
        Vector("device-1", 0x9307_B98B, 0x51EE_D12F, 26788, [0, 8, 4]),
        Vector("device-2", 0xBA2B_2188, 0x9FA0_10C6, 12622, [2, 2, 14]),
        Vector("device-42", 0x598D_D653, 0xEF06_7D87, -21548, [0, 8, 12]),
        Vector("partition-key", 0x8827_96AD, 0xE060_5296, -15301, [1, 1, 5]),
        Vector("abcdefghijkl", 0x4012_F87B, 0x75B5_0EC0, -2373, [1, 3, 5]),
        Vector("abcdefghijklm", 0x9281_28F9, 0x0F04_AB68, -31855, [3, 5, 15]),
        Vector("abcdefghijklmnopqrstuvwx", 0x1B63_1FEA, 0xE0BD_774E, 26788, [0, 8, 4]),
        Vector("0123456789abcdef0123456789abcdef", 0x8A13_6F83, 0x180E_F4D3, -25776, [0, 6, 16]),
        Vector("7149583486996073602", 0xDE32_C14F, 0xF426_F3FE, 12977, [1, 7, 17]),
        Vector("FWfAT", 0x181B_8E02, 0x6D21_26B9, -22341, [1, 1, 5]),
        Vector("sOdeEAsyQoEuEFPGerWO", 0xDF3E_E7B4, 0x7F69_012D, -6503, [3, 3, 7]),
        Vector("$Default", 0x4270_F3D5, 0x3308_2F08, -8995, [3, 5, 3]),
        Vector("user@example.com", 0x9B2C_114E, 0xC8E2_FCA7, -4631, [3, 1, 23]),
        Vector(String(repeating: "x", count: 100), 0xD581_2143, 0xECE4_4445, 25862, [2, 2, 6]),
        Vector("né", nil, nil, -3224, [0, 4, 24]),
        Vector("日本", nil, nil, 27948, [0, 8, 12]),
        Vector("café-☕", nil, nil, -32077, [1, 7, 13]),
    ]

    @Test("agrees with the service", arguments: vectors)
    func vector(_ vector: Vector) {
        let words = PartitionKeyHash.words(of: Array(vector.key.utf8))
        if let c = vector.c, let b = vector.b { #expect(words == PartitionKeyHash.Words(c: c, b: b)) }
        #expect(PartitionKeyHash.hash(of: vector.key) == vector.hash)
        let indexes = [4, 10, 32].map { PartitionKeyHash.partition(for: vector.key, partitionCount: $0) }
        #expect(indexes == vector.indexes)
    }

    @Test("a hub without partitions does not trap")
    func noPartitions() {
        #expect(PartitionKeyHash.partition(for: "a", partitionCount: 0) == 0)
    }
}
