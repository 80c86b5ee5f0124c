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

internal import CZlib
internal import Synchronization

/// zlib's compressor, for one gzip member after the other.
///
/// Sendable because one task at a time uses it, who has taken it out of a ``DeflaterPool``; the compiler does not check that.
final class Deflater: @unchecked Sendable {
    /// At an address of its own, which zlib remembers.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Throws: ``Gzip/Failure/outOfMemory``
    init() throws(Gzip.Failure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Where this fails there is nothing for the end to free.
        guard czlib_deflateInit2(stream, Z_DEFAULT_COMPRESSION, Gzip.windowBits, 8) == Z_OK else { throw .outOfMemory }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The bytes as one gzip member, whatever was compressed before.
    /// - Throws: ``Gzip/Failure/outOfMemory``, also for more bytes than zlib takes at once (4 GiB).
    func compress(_ bytes: [UInt8]) throws(Gzip.Failure) -> [UInt8] {
        guard let size = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK else { throw .outOfMemory }
        // The bound holds for one call with Z_FINISH: the output never has to grow.
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        guard let room = UInt32(exactly: bound) else { throw .outOfMemory }
        var input = bytes
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = size
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = room
                isDone = deflate(stream, Z_FINISH) == Z_STREAM_END
            }
            count = bound - Int(stream.pointee.avail_out)
        }
        guard isDone else { throw .outOfMemory }
        return output
    }
}

/// Compressors that nobody uses now. The 268 KB that one has are dearer to allocate, and to give back, than a body of 2 KB
/// is to compress.
///
/// As many are kept as were in use at once, ``maximumIdle`` at most, and they are kept for good.
struct DeflaterPool: ~Copyable, Sendable {
    static let maximumIdle = 8

    private let idle = Mutex<[Deflater]>([])

    /// How many compressors are kept.
    var idleCount: Int { idle.withLock { $0.count } }

    /// Calls `body` with a compressor that nobody else has meanwhile.
    /// - Throws: ``Gzip/Failure/outOfMemory``, or what `body` throws.
    func withDeflater<Value>(_ body: (Deflater) throws(Gzip.Failure) -> Value) throws(Gzip.Failure) -> Value {
        let kept = idle.withLock { $0.popLast() }
        let deflater = if let kept { kept } else { try Deflater() }
        defer {
            idle.withLock { idle in
                if idle.count < Self.maximumIdle { idle.append(deflater) }
            }
        }
        return try body(deflater)
    }
}
