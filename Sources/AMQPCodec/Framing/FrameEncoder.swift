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

/// Writes frames: the header, a body, and the payload of a transfer.
package enum FrameEncoder {
    /// Writes an AMQP frame.
    package static func write(
        _ performative: Performative,
        channel: UInt16,
        payload: ArraySlice<UInt8> = [],
        into writer: inout ByteWriter
    ) {
        let start = self.begin(.amqp, channel: channel, into: &writer)
        performative.encode(into: &writer)
        writer.append(contentsOf: payload)
        self.end(start, into: &writer)
    }

    /// Writes the part of an AMQP frame that precedes a payload of a given size, which the caller sends itself.
    package static func writeHead(
        _ performative: Performative,
        channel: UInt16,
        payloadSize: Int,
        into writer: inout ByteWriter
    ) {
        let start = self.begin(.amqp, channel: channel, into: &writer)
        performative.encode(into: &writer)
        writer.patch(UInt32(clamping: writer.count - start + payloadSize), at: start)
    }

    /// Writes a SASL frame.
    package static func write(_ body: SASLFrameBody, into writer: inout ByteWriter) {
        let start = self.begin(.sasl, channel: 0, into: &writer)
        body.encode(into: &writer)
        self.end(start, into: &writer)
    }

    /// Writes an empty AMQP frame, which keeps a connection alive.
    package static func writeEmpty(channel: UInt16 = 0, into writer: inout ByteWriter) {
        self.end(self.begin(.amqp, channel: channel, into: &writer), into: &writer)
    }

    /// Writes a frame header with an open size and returns where the frame begins.
    package static func begin(
        _ type: FrameHeader.FrameType,
        channel: UInt16,
        into writer: inout ByteWriter
    ) -> Int {
        let start = writer.reserveSize()
        writer.append(2)
        writer.append(type.rawValue)
        writer.append(bigEndian: channel)
        return start
    }

    /// Fills in the size of the frame that begins at `start`.
    package static func end(_ start: Int, into writer: inout ByteWriter) {
        writer.patch(UInt32(clamping: writer.count - start), at: start)
    }
}
