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

/// The service's mapping of partition keys to partitions, for those who choose the partition before they send.
///
/// It is Bob Jenkins' `lookup3` over the key's UTF-8 bytes with both seeds zero, folded to a signed 16-bit number; its
/// remainder truncates towards zero. All arithmetic wraps at 32 bits.
package enum PartitionKeyHash {
    /// The index, from 0 up to `count`, of the partition that events with `key` go to.
    package static func index(of key: String, among count: Int) -> Int {
        count > 0 ? abs(Int(hash(key)) % count) : 0
    }

    /// The folded hash.
    package static func hash(_ key: String) -> Int16 {
        let length = key.utf8.count
        let start = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: length)
        var words = SIMD3<UInt32>(repeating: start)
        var filled = 0
        for byte in key.utf8 {
            // A full block is mixed only when more follows: the last one is finished instead.
            if filled == 12 {
                mix(&words)
                filled = 0
            }
            words[filled / 4] &+= UInt32(byte) << UInt32(8 * (filled % 4))
            filled += 1
        }
        if filled > 0 { finish(&words) }
        return Int16(truncatingIfNeeded: words[2] ^ words[1])
    }

    private static func mix(_ words: inout SIMD3<UInt32>) {
        var (a, b, c) = (words[0], words[1], words[2])
        a = (a &- c) ^ rotated(c, 4)
        c &+= b
        b = (b &- a) ^ rotated(a, 6)
        a &+= c
        c = (c &- b) ^ rotated(b, 8)
        b &+= a
        a = (a &- c) ^ rotated(c, 16)
        c &+= b
        b = (b &- a) ^ rotated(a, 19)
        a &+= c
        c = (c &- b) ^ rotated(b, 4)
        b &+= a
        words = SIMD3(a, b, c)
    }

    private static func finish(_ words: inout SIMD3<UInt32>) {
        var (a, b, c) = (words[0], words[1], words[2])
        c = (c ^ b) &- rotated(b, 14)
        a = (a ^ c) &- rotated(c, 11)
        b = (b ^ a) &- rotated(a, 25)
        c = (c ^ b) &- rotated(b, 16)
        a = (a ^ c) &- rotated(c, 4)
        b = (b ^ a) &- rotated(a, 14)
        c = (c ^ b) &- rotated(b, 24)
        words = SIMD3(a, b, c)
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        (word << count) | (word >> (32 &- count))
    }
}
