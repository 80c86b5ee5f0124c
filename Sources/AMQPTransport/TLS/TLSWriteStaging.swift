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

/// Gathers small buffers into whole TLS records, and keeps a record that could not be written for the next attempt:
/// OpenSSL wants to see the same bytes again.
struct TLSWriteStaging {
    /// The most that one record carries.
    private static let recordSize = 16_384

    private var bytes: [UInt8] = []

    /// Takes the next record from `buffers`, of which `offset` bytes are done; false when there is none.
    mutating func fill(from buffers: [UnsafeRawBufferPointer], skipping offset: Int) -> Bool {
        if !bytes.isEmpty { return true }
        var skipped = 0
        for index in unsafe buffers.indices {
            let buffer = unsafe buffers[index]
            let start = min(max(offset - skipped, 0), buffer.count)
            skipped += start
            // start <= buffer.count and the count is bounded by what is left of it.
            let count = min(buffer.count - start, Self.recordSize - bytes.count)
            if count > 0 {
                unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]))
            }
            if bytes.count == Self.recordSize { break }
        }
        return !bytes.isEmpty
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe body($0) }
    }

    mutating func wrote(_ count: Int) {
        if count >= bytes.count {
            bytes.removeAll(keepingCapacity: true)
        } else {
            bytes.removeFirst(count)
        }
    }
}
