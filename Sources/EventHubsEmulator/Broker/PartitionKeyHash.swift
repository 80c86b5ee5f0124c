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

/// The service's mapping of a partition key to a partition: Bob Jenkins' `lookup3` with both seeds zero, folded to 16 bits.
///
/// Words are read little-endian on every machine, and the remainder truncates towards zero, so that a client that
/// chooses the partition by itself agrees with the service.
package enum PartitionKeyHash {
    /// The two words that `lookup3` yields for the UTF-8 bytes of a key.
    package struct Words: Equatable, Sendable {
        package var c: UInt32
        package var b: UInt32

        package init(c: UInt32, b: UInt32) {
            self.c = c
            self.b = b
        }
    }

    /// The partition, from 0 up to `partitionCount`, that events with this key go to.
    package static func partition(for key: String, partitionCount: Int) -> Int {
        guard partitionCount > 0 else { return 0 }
        return abs(Int(hash(of: key)) % partitionCount)
    }

    /// The signed 16-bit hash of a key.
    package static func hash(of key: String) -> Int16 {
        let words = words(of: Array(key.utf8))
        return Int16(truncatingIfNeeded: words.c ^ words.b)
    }

    /// The words of `lookup3` before they are folded.
    package static func words(of bytes: [UInt8]) -> Words {
        var state = State(length: bytes.count)
        var position = 0
        while bytes.count - position > 12 {
            state.add(word(bytes, at: position), word(bytes, at: position + 4), word(bytes, at: position + 8))
            state.mix()
            position += 12
        }
        guard position < bytes.count else { return Words(c: state.c, b: state.b) }
        state.add(word(bytes, at: position), word(bytes, at: position + 4), word(bytes, at: position + 8))
        state.finish()
        return Words(c: state.c, b: state.b)
    }

    /// Four bytes, little-endian; bytes past the end count as zero.
    private static func word(_ bytes: [UInt8], at position: Int) -> UInt32 {
        var word: UInt32 = 0
        for index in 0..<4 where position + index < bytes.count {
            word |= UInt32(bytes[position + index]) << UInt32(8 * index)
        }
        return word
    }
}

extension PartitionKeyHash {
    /// The three running words. All arithmetic wraps at 32 bits on purpose.
    private struct State {
        var a: UInt32
        var b: UInt32
        var c: UInt32

        init(length: Int) {
            let start = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: length)
            a = start
            b = start
            c = start
        }

        mutating func add(_ first: UInt32, _ second: UInt32, _ third: UInt32) {
            a &+= first
            b &+= second
            c &+= third
        }

        mutating func mix() {
            a &-= c
            a ^= rotate(c, 4)
            c &+= b
            b &-= a
            b ^= rotate(a, 6)
            a &+= c
            c &-= b
            c ^= rotate(b, 8)
            b &+= a
            a &-= c
            a ^= rotate(c, 16)
            c &+= b
            b &-= a
            b ^= rotate(a, 19)
            a &+= c
            c &-= b
            c ^= rotate(b, 4)
            b &+= a
        }

        mutating func finish() {
            c ^= b
            c &-= rotate(b, 14)
            a ^= c
            a &-= rotate(c, 11)
            b ^= a
            b &-= rotate(a, 25)
            c ^= b
            c &-= rotate(b, 16)
            a ^= c
            a &-= rotate(c, 4)
            b ^= a
            b &-= rotate(a, 14)
            c ^= b
            c &-= rotate(b, 24)
        }

        private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
            (word << count) | (word >> (32 &- count))
        }
    }
}
