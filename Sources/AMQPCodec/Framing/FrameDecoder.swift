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

/// Cuts a byte stream into protocol headers and frames, however the stream is chunked.
///
/// Holds no more than what has been appended and not yet taken; a frame that announces more than the maximum size is an
/// error as soon as its header is there.
package struct FrameDecoder: Sendable {
    /// One whole frame, not yet decoded.
    package struct RawFrame: Sendable, Hashable {
        package var header: FrameHeader
        /// Where the frame begins in the stream.
        package var offset: Int
        /// All bytes of the frame.
        package var bytes: [UInt8]
    }

    /// What the stream consists of.
    package enum RawItem: Sendable, Hashable {
        case protocolHeader(ProtocolHeader, offset: Int)
        case frame(RawFrame)
    }

    /// What the stream consists of, decoded.
    package enum Item: Sendable, Hashable {
        case protocolHeader(ProtocolHeader)
        case frame(Frame, payload: [UInt8])
    }

    /// The largest frame that is accepted.
    package var maxFrameSize: Int

    private let limits: DecodingLimits
    private var buffer: [UInt8] = []
    private var start = 0

    /// How many bytes of the stream have been taken as whole items.
    package private(set) var streamOffset = 0

    package init(maxFrameSize: Int = 65_536, limits: DecodingLimits = .default) {
        self.maxFrameSize = maxFrameSize
        self.limits = limits
    }

    /// How many bytes have been appended and not yet taken.
    package var pendingCount: Int { self.buffer.count - self.start }

    /// Adds bytes of the stream.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if self.start > 0 {
            self.buffer.removeSubrange(..<self.start)
            self.start = 0
        }
        self.buffer.append(contentsOf: bytes)
    }

    /// Takes the next whole item off the stream; nil when more bytes are needed.
    package mutating func nextRaw() throws(DecodingError) -> RawItem? {
        guard self.pendingCount >= 8 else { return nil }
        let item = try self.peek()
        let size: Int
        switch item {
        case .protocolHeader: size = ProtocolHeader.size
        case .frame(let frame): size = frame.header.size
        }
        guard self.pendingCount >= size else { return nil }
        defer {
            self.start += size
            self.streamOffset += size
        }
        guard case .frame(var frame) = item else { return item }
        frame.bytes = Array(self.buffer[self.start..<self.start + size])
        return .frame(frame)
    }

    /// Takes the next item off the stream and decodes it; nil when more bytes are needed.
    package mutating func next() throws(DecodingError) -> Item? {
        switch try self.nextRaw() {
        case nil: return nil
        case .protocolHeader(let header, _): return .protocolHeader(header)
        case .frame(let raw):
            let frame = try unsafe Frame(decoding: raw.bytes.span.bytes, baseOffset: raw.offset, limits: self.limits)
            if case .amqp(_, let payload) = frame.body { return .frame(frame, payload: Array(raw.bytes[payload])) }
            return .frame(frame, payload: [])
        }
    }

    /// Checks that the stream may end here; throws when it ends inside an item.
    package func finish() throws(DecodingError) {
        guard self.pendingCount > 0 else { return }
        throw DecodingError(
            code: .truncated,
            offset: self.streamOffset,
            message: "the stream ends \(self.pendingCount) bytes into a frame or protocol header"
        )
    }

    /// Decodes the eight bytes at the start, which are there.
    private func peek() throws(DecodingError) -> RawItem {
        var reader = unsafe ByteReader(
            self.buffer.span.bytes.extracting(self.start..<self.start + 8),
            baseOffset: self.streamOffset
        )
        if self.buffer[self.start] == 0x41 && self.buffer[self.start + 1] == 0x4D {
            return .protocolHeader(try ProtocolHeader(decoding: &reader), offset: self.streamOffset)
        }
        let header = try FrameHeader(decoding: &reader, maxFrameSize: self.maxFrameSize)
        return .frame(RawFrame(header: header, offset: self.streamOffset, bytes: []))
    }
}
