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

import EventHubs
import Testing

/// The vectors come from the official Python resolver's words and from an independent implementation; the indices follow
/// the rule of the service and of the .NET client.
@Suite("Partition keys map as the service maps them")
struct PartitionKeyHashTests {
    struct Vector: Sendable {
        var key: String
        var hash: Int16
        var indices: [Int]

        init(_ key: String, _ hash: Int16, _ indices: Int...) {
            (self.key, self.hash, self.indices) = (key, hash, indices)
        }
    }

    static let vectors = [
        Vector("", 0, 0, 0, 0),
        Vector("a", -16220, 0, 0, 28),
        Vector("7", -15263, 3, 3, 31),
        Vector("131", 30562, 2, 2, 2),
        Vector("key", 11419, 3, 9, 27),
        Vector("test", -12036, 0, 6, 4),
        Vector("hello", 2839, 3, 9, 23),
        Vector("device-1", 26788, 0, 8, 4),
        Vector("device-2", 12622, 2, 2, 14),
        Vector("device-42", -21548, 0, 8, 12),
        Vector("partition-key", -15301, 1, 1, 5),
        Vector("abcdefghijkl", -2373, 1, 3, 5),
        Vector("abcdefghijklm", -31855, 3, 5, 15),
        Vector("abcdefghijklmnopqrstuvwx", 26788, 0, 8, 4),
        Vector("0123456789abcdef0123456789abcdef", -25776, 0, 6, 16),
        Vector("7149583486996073602", 12977, 1, 7, 17),
        Vector("FWfAT", -22341, 1, 1, 5),
        Vector("sOdeEAsyQoEuEFPGerWO", -6503, 3, 3, 7),
        Vector("$Default", -8995, 3, 5, 3),
        Vector("user@example.com", -4631, 3, 1, 23),
        Vector(String(repeating: "x", count: 100), 25862, 2, 2, 6),
        Vector("né", -3224, 0, 4, 24),
        Vector("日本", 27948, 0, 8, 12),
        Vector("café-☕", -32077, 1, 7, 13),
    ]

    @Test("Hash and index", arguments: vectors)
    func vector(_ vector: Vector) {
        #expect(PartitionKeyHash.hash(vector.key) == vector.hash)
        #expect([4, 10, 32].map { PartitionKeyHash.index(of: vector.key, among: $0) } == vector.indices)
    }

    @Test("Without partitions there is nothing to divide by")
    func noPartitions() {
        #expect(PartitionKeyHash.index(of: "a", among: 0) == 0)
    }
}
