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

/// What comes before the bytes of a data section: its descriptor, and the constructor of binary with the shortest length that
/// fits.
struct DataSectionStart {
    /// The constructor of binary with a length of one byte.
    static let shortConstructor: UInt8 = 0xA0

    /// The bytes, left-aligned.
    private let bytes: UInt64

    /// How many they are.
    let count: Int

    /// The start of a section of `length` bytes.
    init(_ length: Int) {
        if let short = UInt8(exactly: length) {
            bytes = 0x0053_75A0_0000_0000 | UInt64(short) << 24
            count = 5
        } else {
            bytes = 0x0053_75B0_0000_0000 | UInt64(UInt32(truncatingIfNeeded: length))
            count = 8
        }
    }

    /// Calls the body with the bytes.
    func withUnsafeBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        Swift.withUnsafeBytes(of: bytes.bigEndian) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Calls the body with the bytes and those of a section that the section begins with.
    func withUnsafeBytes(before inner: DataSectionStart, _ body: (UnsafeRawBufferPointer) -> Void) {
        // A shift by 64 bits leaves nothing.
        let (first, rest) = (bytes | inner.bytes >> UInt64(count * 8), inner.bytes << UInt64(64 - count * 8))
        Swift.withUnsafeBytes(of: (first.bigEndian, rest.bigEndian)) {
            body(UnsafeRawBufferPointer(rebasing: $0[..<(count + inner.count)]))
        }
    }
}
