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

/// A decoded frame. The payload is a range of the frame's bytes; nothing is copied.
package struct Frame: Sendable, Hashable {
    /// What a frame carries.
    package enum Body: Sendable, Hashable {
        /// A performative, with the payload's range counted from the frame's first byte.
        case amqp(Performative, payload: Range<Int>)
        /// A step of the SASL exchange.
        case sasl(SASLFrameBody)
        /// Nothing: the frame keeps the connection alive.
        case empty
    }

    package var header: FrameHeader
    package var body: Body

    package var channel: UInt16 { self.header.channel }

    package init(header: FrameHeader, body: Body) {
        self.header = header
        self.body = body
    }

    /// Decodes the bytes of exactly one frame, which lie `baseOffset` bytes into the input that error offsets count from.
    package init(
        decoding bytes: RawSpan,
        baseOffset: Int = 0,
        maxFrameSize: Int = .max,
        limits: DecodingLimits = .default
    ) throws(DecodingError) {
        var reader = ByteReader(bytes, baseOffset: baseOffset, limits: limits)
        let header = try FrameHeader(decoding: &reader, maxFrameSize: maxFrameSize)
        guard header.size == bytes.byteCount else {
            throw DecodingError(
                code: header.size > bytes.byteCount ? .truncated : .malformedFrame,
                offset: baseOffset,
                message: "a frame of \(header.size) bytes is given as \(bytes.byteCount) bytes"
            )
        }
        try reader.advance(by: header.bodyOffset - FrameHeader.fixedSize)
        self.header = header
        switch header.type {
        case .amqp:
            if reader.isAtEnd {
                self.body = .empty
                return
            }
            let performative = try Performative(decoding: &reader)
            if case .transfer = performative {
                self.body = .amqp(performative, payload: reader.position..<header.size)
                return
            }
            guard reader.isAtEnd else {
                throw reader.error(.malformedFrame, "\(reader.remaining) bytes follow a performative without payload")
            }
            self.body = .amqp(performative, payload: header.size..<header.size)
        case .sasl:
            self.body = .sasl(try SASLFrameBody(decoding: &reader))
            guard reader.isAtEnd else {
                throw reader.error(.malformedFrame, "\(reader.remaining) bytes follow the body of a SASL frame")
            }
        }
    }
}
