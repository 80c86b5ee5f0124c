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

/// The masking key of a frame and the place in it (RFC 6455, section 5.3).
struct WebSocketMask: Sendable, Equatable {
    /// The four bytes in the order of the wire, rotated to the place of the next byte.
    private var key: UInt32

    /// Four bytes as they stand in the header.
    init(_ bytes: some Collection<UInt8>) {
        key = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A key that nobody can foretell.
    static func random() -> WebSocketMask {
        WebSocketMask(randomBytes(4))
    }

    var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) } }

    /// Masks or unmasks the next bytes of the payload, in place.
    mutating func apply(to payload: UnsafeMutableRawBufferPointer) {
        let word = (UInt64(key) << 32 | UInt64(key)).littleEndian
        var index = 0
        while index + 8 <= payload.count {
            // index + 8 <= payload.count: the word is inside the buffer.
            let value = unsafe payload.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            unsafe payload.storeBytes(of: value ^ word, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < payload.count {
            unsafe payload[index] ^= UInt8(truncatingIfNeeded: key >> (8 * UInt32(index & 3)))
            index += 1
        }
        let turn = UInt32(payload.count & 3) * 8
        if turn > 0 { key = key >> turn | key << (32 - turn) }
    }
}
