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

/// The gzip format (RFC 1952), with bounds for what comes from outside.
enum Gzip {
    /// Why bytes could not be expanded.
    enum Failure: Error, Equatable {
        /// They are no gzip, or damaged.
        case malformed(String)
        /// They end in the middle of a member.
        case truncated
        /// They expand to more than is allowed.
        case tooLarge
        /// There is no memory for the state of zlib.
        case outOfMemory
    }

    /// 15 window bits, and 16 for the gzip envelope.
    static let windowBits: Int32 = 15 + 16

    private static let deflaters = DeflaterPool()

    /// The bytes as one gzip member.
    /// - Throws: ``Failure/outOfMemory``, also for more bytes than zlib takes at once (4 GiB).
    static func compress(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        try deflaters.withDeflater { deflater throws(Failure) in try deflater.compress(bytes) }
    }

    /// What gzip members, one after the other, hold: RFC 1952, section 2.2.
    /// - Parameters:
    ///   - bytes: the members.
    ///   - maximumSize: the most bytes they may expand to. Never is more than this allocated.
    /// - Returns: what they hold.
    /// - Throws: ``Failure``
    static func expand(_ bytes: [UInt8], maximumSize: Int) throws(Failure) -> [UInt8] {
        guard let size = UInt32(exactly: bytes.count) else { throw .malformed("more than 4 GiB at once") }
        guard size > 0 else { throw .truncated }
        var stream = z_stream()
        guard czlib_inflateInit2(&stream, windowBits) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var failure: Failure?
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = size
            do throws(Failure) {
                // One byte of room beyond the limit tells "just as large" from "larger".
                repeat {
                    output += try expandChunk(&stream, room: min(65_536, maximumSize - output.count + 1))
                    guard output.count <= maximumSize else { throw .tooLarge }
                } while stream.avail_in > 0 || stream.avail_out == 0
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return output
    }

    /// Up to `room` bytes more. What follows a member begins another one.
    private static func expandChunk(_ stream: inout z_stream, room: Int) throws(Failure) -> [UInt8] {
        var status = Z_OK
        let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            stream.next_out = buffer.baseAddress
            // At most 65,536.
            stream.avail_out = UInt32(room)
            repeat {
                status = inflate(&stream, Z_NO_FLUSH)
                if status == Z_STREAM_END, stream.avail_in > 0 { status = inflateReset(&stream) }
            } while status == Z_OK && stream.avail_in > 0 && stream.avail_out > 0
            count = room - Int(stream.avail_out)
        }
        switch status {
        case Z_STREAM_END:
            return chunk
        case Z_OK, Z_BUF_ERROR:
            // Room left and nothing to read: the member has no end.
            guard stream.avail_out == 0 else { throw .truncated }
            return chunk
        case Z_MEM_ERROR:
            throw .outOfMemory
        default:
            throw .malformed(stream.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
    }
}
