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

/// A cursor over bytes that belong to somebody else: every read is checked against the end before it loads.
package struct ByteReader: ~Escapable {
    private let span: RawSpan
    private let baseOffset: Int
    private let limits: DecodingLimits
    private var depth = 0
    private var elements = 0
    private var zeroWidthElements = 0

    /// The next byte to read, counted from the start of the span.
    package private(set) var position = 0

    /// The first byte that may not be read: the end of the span, or of the compound value that is being read.
    package private(set) var end: Int

    /// Starts at the first byte of a span, which lies `baseOffset` bytes into the input that error offsets count from.
    @_lifetime(copy span)
    package init(_ span: RawSpan, baseOffset: Int = 0, limits: DecodingLimits = .default) {
        self.span = span
        self.baseOffset = baseOffset
        self.limits = limits
        self.end = span.byteCount
    }

    /// Where the cursor is, counted from the start of the input.
    package var offset: Int { self.baseOffset + self.position }

    /// How many bytes are left before the end.
    package var remaining: Int { self.end - self.position }

    /// Whether all bytes have been read.
    package var isAtEnd: Bool { self.position == self.end }

    // MARK: Fixed widths

    /// Reads one byte.
    package mutating func readUInt8() throws(DecodingError) -> UInt8 {
        guard self.position < self.end else { throw self.truncated(needing: 1) }
        // In bounds: position < end <= span.byteCount.
        let value = unsafe self.span.unsafeLoad(fromUncheckedByteOffset: self.position, as: UInt8.self)
        self.position &+= 1
        return value
    }

    /// The next byte without moving past it.
    package func peekUInt8() throws(DecodingError) -> UInt8 {
        guard self.position < self.end else { throw self.truncated(needing: 1) }
        // In bounds: position < end <= span.byteCount.
        return unsafe self.span.unsafeLoad(fromUncheckedByteOffset: self.position, as: UInt8.self)
    }

    /// Reads two bytes, big endian.
    package mutating func readUInt16() throws(DecodingError) -> UInt16 { try self.readBigEndian() }

    /// Reads four bytes, big endian.
    package mutating func readUInt32() throws(DecodingError) -> UInt32 { try self.readBigEndian() }

    /// Reads eight bytes, big endian.
    package mutating func readUInt64() throws(DecodingError) -> UInt64 { try self.readBigEndian() }

    @inline(__always)
    private mutating func readBigEndian<T: FixedWidthInteger & BitwiseCopyable>() throws(DecodingError) -> T {
        let width = MemoryLayout<T>.size
        guard self.remaining >= width else { throw self.truncated(needing: width) }
        // In bounds: position + width <= end <= span.byteCount.
        let value = unsafe self.span.unsafeLoadUnaligned(fromUncheckedByteOffset: self.position, as: T.self)
        self.position &+= width
        return T(bigEndian: value)
    }

    // MARK: Runs of bytes

    /// Copies a run of bytes out.
    package mutating func readBytes(_ count: Int) throws(DecodingError) -> [UInt8] {
        let range = try self.advance(by: count)
        return unsafe self.span.withUnsafeBytes { unsafe [UInt8](UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Reads a run of bytes as UTF-8 text.
    package mutating func readText(_ count: Int) throws(DecodingError) -> String {
        let start = self.offset
        let range = try self.advance(by: count)
        let text: String? = unsafe self.span.withUnsafeBytes {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: $0[range])
            if unsafe Self.isASCII(bytes) { return unsafe String(decoding: bytes, as: UTF8.self) }
            return unsafe String(validating: bytes, as: UTF8.self)
        }
        guard let text else {
            throw DecodingError(code: .invalidUTF8, offset: start, message: "the text is not valid UTF-8")
        }
        return text
    }

    /// Reads a run of bytes as ASCII text.
    package mutating func readASCII(_ count: Int) throws(DecodingError) -> String {
        let start = self.offset
        let range = try self.advance(by: count)
        let text: String? = unsafe self.span.withUnsafeBytes {
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: $0[range])
            return unsafe Self.isASCII(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
        }
        guard let text else {
            throw DecodingError(code: .invalidValue, offset: start, message: "the symbol is not ASCII")
        }
        return text
    }

    /// Whether no byte has its highest bit set, eight bytes at a time.
    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt64 = 0
        var index = 0
        while index &+ 8 <= bytes.count {
            // In bounds: index + 8 <= count.
            bits |= unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < bytes.count {
            bits |= unsafe UInt64(bytes[index])
            index &+= 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }

    /// Moves past a run of bytes and returns where it lies in the span.
    @discardableResult
    package mutating func advance(by count: Int) throws(DecodingError) -> Range<Int> {
        guard count >= 0, self.remaining >= count else { throw self.truncated(needing: count) }
        let start = self.position
        self.position &+= count
        return start..<self.position
    }

    // MARK: Scopes and limits

    /// Narrows the end to `count` bytes from here and goes one level deeper; returns the end to give back to `leave`.
    package mutating func enter(_ count: Int) throws(DecodingError) -> Int {
        guard count >= 0, self.remaining >= count else { throw self.truncated(needing: count) }
        try self.descend()
        let outer = self.end
        self.end = self.position &+ count
        return outer
    }

    /// Ends what `enter` began; all its bytes must have been read.
    package mutating func leave(_ outer: Int) throws(DecodingError) {
        guard self.position == self.end else {
            let left = self.remaining
            throw self.error(.sizeMismatch, "\(left) bytes are left over at the end of a compound value")
        }
        self.end = outer
        self.depth &-= 1
    }

    /// Goes one level deeper without a length of its own, as a descriptor does.
    package mutating func descend() throws(DecodingError) {
        guard self.depth < self.limits.maximumDepth else {
            throw self.error(.nestingTooDeep, "values are nested deeper than \(self.limits.maximumDepth) levels")
        }
        self.depth &+= 1
    }

    /// Comes back from `descend`.
    package mutating func ascend() {
        self.depth &-= 1
    }

    /// Counts elements of a compound value of which each takes at least `minimumWidth` bytes of what is left.
    package mutating func count(_ count: UInt32, minimumWidth: Int) throws(DecodingError) -> Int {
        let count = Int(count)
        if minimumWidth == 0 {
            guard count <= self.limits.maximumZeroWidthElements - self.zeroWidthElements else {
                throw self.error(
                    .tooManyElements,
                    "\(count) elements without bytes are more than \(self.limits.maximumZeroWidthElements)"
                )
            }
            self.zeroWidthElements &+= count
        } else {
            guard count <= self.remaining / minimumWidth else {
                throw self.error(
                    .sizeMismatch,
                    "\(count) elements of at least \(minimumWidth) bytes do not fit in \(self.remaining) bytes"
                )
            }
        }
        guard count <= self.limits.maximumElements - self.elements else {
            throw self.error(.tooManyElements, "there are more than \(self.limits.maximumElements) elements")
        }
        self.elements &+= count
        return count
    }

    // MARK: Errors

    /// An error at the cursor.
    package func error(_ code: DecodingError.Code, _ message: String) -> DecodingError {
        DecodingError(code: code, offset: self.offset, message: message)
    }

    private func truncated(needing count: Int) -> DecodingError {
        self.error(.truncated, "\(count) bytes are needed and \(self.remaining) are left")
    }
}
