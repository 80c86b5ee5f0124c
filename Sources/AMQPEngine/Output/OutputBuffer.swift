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

/// The bytes that wait to be written to the stream, in order.
///
/// Small things (performatives, short payloads) are copied next to each other into chunks, so that many frames leave in one
/// system call. A large payload is kept by reference and handed to the stream where it lies.
/// Unsafe where it writes into a chunk: `reserve` has made sure of the room that `commit` then counts.
@safe
struct OutputBuffer: ~Copyable {
    /// Payloads up to this size are copied, larger ones are referenced.
    static let copyLimit = 4096

    /// At most this many buffers are handed to the stream at once.
    static let gatherLimit = 64

    private enum Segment {
        case chunk(OutputChunk, Range<Int>)
        case payload([UInt8], Range<Int>)

        var count: Int {
            switch self {
            case .chunk(_, let range), .payload(_, let range): range.count
            }
        }
    }

    /// Finished segments; the open one is `current[openStart..<openEnd]`.
    private var segments: [Segment] = []
    private var headSegment = 0
    private var current: OutputChunk
    private var openStart = 0
    private var openEnd = 0
    /// A chunk to use next, so that a steady stream allocates nothing.
    private var spare: OutputChunk?

    /// Bytes that wait.
    private(set) var count = 0

    init() { current = OutputChunk() }

    /// Room for `size` bytes (at most a chunk) in one piece; ``commit(_:)`` says how many of them have been written.
    @inline(__always)
    mutating func reserve(_ size: Int) -> UnsafeMutableRawPointer {
        if OutputChunk.capacity - openEnd < size { startChunk() }
        return unsafe current.base + openEnd
    }

    @inline(__always)
    mutating func commit(_ size: Int) {
        openEnd += size
        count += size
    }

    /// Appends a copy of `bytes`.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset < bytes.count {
            if openEnd == OutputChunk.capacity { startChunk() }
            let length = min(bytes.count - offset, OutputChunk.capacity - openEnd)
            let piece = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
            // `length` fits what is left of the chunk.
            unsafe UnsafeMutableRawBufferPointer(start: current.base + openEnd, count: length).copyMemory(from: piece)
            commit(length)
            offset += length
        }
    }

    /// Appends part of a payload: a copy when it is small, a reference when it is not. `range` lies inside `payload`.
    @inline(__always)
    mutating func append(_ payload: [UInt8], _ range: Range<Int>) {
        if range.count <= Self.copyLimit {
            unsafe payload.withUnsafeBytes { bytes in unsafe append(UnsafeRawBufferPointer(rebasing: bytes[range])) }
        } else {
            sealOpenSegment()
            segments.append(.payload(payload, range))
            count += range.count
        }
    }

    /// Hands the waiting bytes to `body`, which returns how many of them it took.
    mutating func withBuffers(_ body: ([UnsafeRawBufferPointer]) -> Int) {
        guard count > 0 else { return }
        sealOpenSegment()
        let end = min(segments.count, headSegment + Self.gatherLimit)
        var buffers: [UnsafeRawBufferPointer] = unsafe []
        unsafe buffers.reserveCapacity(end - headSegment)
        let taken = unsafe Self.gather(segments[headSegment..<end], into: &buffers, body)
        drop(taken)
    }

    /// Forgets everything.
    mutating func removeAll() {
        sealOpenSegment()
        drop(count)
    }

    /// Nests the scopes in which the payloads' memory is accessible.
    private static func gather(
        _ rest: ArraySlice<Segment>,
        into buffers: inout [UnsafeRawBufferPointer],
        _ body: ([UnsafeRawBufferPointer]) -> Int
    ) -> Int {
        var rest = rest
        while let segment = rest.popFirst() {
            switch segment {
            case .chunk(let chunk, let range):
                // The range was committed in this chunk.
                unsafe buffers.append(UnsafeRawBufferPointer(start: chunk.base + range.lowerBound, count: range.count))
            case .payload(let payload, let range):
                return unsafe payload.withUnsafeBytes { bytes in
                    unsafe buffers.append(UnsafeRawBufferPointer(rebasing: bytes[range]))
                    return unsafe gather(rest, into: &buffers, body)
                }
            }
        }
        return unsafe body(buffers)
    }

    private mutating func drop(_ taken: Int) {
        precondition(taken >= 0 && taken <= count, "more bytes taken than offered")
        count -= taken
        var left = taken
        while headSegment < segments.count {
            let size = segments[headSegment].count
            guard left >= size else { break }
            left -= size
            if case .chunk(let chunk, _) = segments[headSegment] {
                chunk.waitingSegments -= 1
                if chunk.waitingSegments == 0, chunk !== current { spare = chunk }
            }
            headSegment += 1
        }
        if left > 0 {
            switch segments[headSegment] {
            case .chunk(let chunk, let range):
                segments[headSegment] = .chunk(chunk, range.lowerBound + left..<range.upperBound)
            case .payload(let payload, let range):
                segments[headSegment] = .payload(payload, range.lowerBound + left..<range.upperBound)
            }
        }
        if headSegment == segments.count {
            segments.removeAll(keepingCapacity: segments.count <= 1024)
            headSegment = 0
            // Nothing refers to the open chunk any more: start again at its warm beginning.
            if openStart == openEnd { (openStart, openEnd) = (0, 0) }
        } else if headSegment >= 64, headSegment * 2 >= segments.count {
            segments.removeFirst(headSegment)
            headSegment = 0
        }
    }

    private mutating func sealOpenSegment() {
        guard openEnd > openStart else { return }
        segments.append(.chunk(current, openStart..<openEnd))
        current.waitingSegments += 1
        openStart = openEnd
    }

    @inline(never)
    private mutating func startChunk() {
        sealOpenSegment()
        current = spare.take() ?? OutputChunk()
        (openStart, openEnd) = (0, 0)
    }
}
