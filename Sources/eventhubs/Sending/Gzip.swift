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

/// Compresses bodies for `--gzip`.
enum Gzip {
    /// `bytes` as a gzip member, or nil when zlib refuses (out of memory).
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 window bits, and 16 for the gzip envelope.
        let initialised = czlib_deflateInit2(&stream, Z_DEFAULT_COMPRESSION, 15 + 16, 8)
        guard initialised == Z_OK, let size = UInt32(exactly: bytes.count) else { return nil }
        defer { deflateEnd(&stream) }
        // The bound holds for one call with Z_FINISH: the output never has to grow.
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        guard let available = UInt32(exactly: bound) else { return nil }
        var input = bytes
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = size
                stream.next_out = buffer.baseAddress
                stream.avail_out = available
                isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = bound - Int(stream.avail_out)
        }
        return isDone ? output : nil
    }
}
