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

/// A growing buffer that encoders append to: raw memory, so that a write is a bounds check and a store.
@safe
package struct ByteWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    /// How many bytes have been written.
    package private(set) var count = 0

    /// Makes an empty writer with room for some bytes.
    package init(capacity: Int = 256) {
        self.capacity = max(capacity, 64)
        unsafe self.base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit {
        unsafe self.base.deallocate()
    }

    /// A copy of what has been written.
    package var bytes: [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: self.base, count: self.count))
    }

    /// What has been written, in place.
    package var span: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: self.base, byteCount: self.count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls the body with what has been written, in place.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: self.base, count: self.count))
    }

    /// Forgets what has been written and keeps the memory.
    package mutating func reset() {
        self.count = 0
    }

    /// Takes back everything after the first `count` bytes.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "a writer can only be cut back")
        self.count = count
    }

    /// Makes room for that many more bytes.
    @inline(__always)
    package mutating func reserve(_ additional: Int) {
        if self.capacity &- self.count < additional { self.grow(by: additional) }
    }

    @inline(never)
    private mutating func grow(by additional: Int) {
        let capacity = max(self.capacity * 2, self.count + additional)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        unsafe grown.copyMemory(from: self.base, byteCount: self.count)
        unsafe self.base.deallocate()
        unsafe self.base = grown
        self.capacity = capacity
    }

    // MARK: Appending

    /// Appends one byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        self.reserve(1)
        // In bounds: reserve made room for it.
        unsafe self.base.storeBytes(of: byte, toByteOffset: self.count, as: UInt8.self)
        self.count &+= 1
    }

    /// Appends a number, big endian.
    @inline(__always)
    package mutating func append<T: FixedWidthInteger & BitwiseCopyable>(bigEndian number: T) {
        self.reserve(MemoryLayout<T>.size)
        // In bounds: reserve made room for it.
        unsafe self.base.storeBytes(of: number.bigEndian, toByteOffset: self.count, as: T.self)
        self.count &+= MemoryLayout<T>.size
    }

    /// Appends a byte and a number after it, big endian: a constructor with its value.
    @inline(__always)
    package mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ byte: UInt8, bigEndian number: T) {
        self.reserve(1 &+ MemoryLayout<T>.size)
        // In bounds: reserve made room for both.
        unsafe self.base.storeBytes(of: byte, toByteOffset: self.count, as: UInt8.self)
        unsafe self.base.storeBytes(of: number.bigEndian, toByteOffset: self.count &+ 1, as: T.self)
        self.count &+= 1 &+ MemoryLayout<T>.size
    }

    /// Appends bytes.
    package mutating func append(contentsOf bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe self.append(contentsOf: $0) }
    }

    /// Appends bytes.
    package mutating func append(contentsOf bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe self.append(contentsOf: $0) }
    }

    /// Appends bytes.
    package mutating func append(contentsOf bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe self.append(contentsOf: $0) }
    }

    /// Appends bytes.
    package mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        self.reserve(bytes.count)
        // In bounds: reserve made room for all of them.
        unsafe (self.base + self.count).copyMemory(from: source, byteCount: bytes.count)
        self.count &+= bytes.count
    }

    // MARK: Patching

    /// Leaves four bytes open for a size that `patch` fills in, and returns where they are.
    package mutating func reserveSize() -> Int {
        let offset = self.count
        self.append(bigEndian: 0 as UInt32)
        return offset
    }

    /// Overwrites four bytes that have been written already.
    package mutating func patch(_ number: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset <= self.count - 4, "only what has been written can be patched")
        unsafe self.base.storeBytes(of: number.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Overwrites one byte that has been written already.
    package mutating func patch(_ byte: UInt8, at offset: Int) {
        precondition(offset >= 0 && offset < self.count, "only what has been written can be patched")
        unsafe self.base.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    /// Moves everything from an offset on towards the end, leaving a gap of undefined bytes.
    package mutating func openGap(of width: Int, at offset: Int) {
        precondition(offset >= 0 && offset <= self.count && width >= 0, "a gap lies inside what has been written")
        self.reserve(width)
        unsafe (self.base + offset + width).copyMemory(from: self.base + offset, byteCount: self.count - offset)
        self.count &+= width
    }
}
