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

/// The eight bytes in front of every frame (AMQP 1.0 part 2, section 2.3.1).
package struct FrameHeader: Sendable, Hashable {
    /// The kinds of frame.
    package enum FrameType: UInt8, Sendable, Hashable {
        case amqp = 0
        case sasl = 1
    }

    /// How many bytes the frame has, these eight included.
    package var size: Int

    /// Where the body begins, in units of four bytes.
    package var dataOffset: UInt8

    /// What kind of frame it is.
    package var type: FrameType

    /// The channel of an AMQP frame; without meaning in a SASL frame.
    package var channel: UInt16

    package init(size: Int, dataOffset: UInt8 = 2, type: FrameType, channel: UInt16) {
        self.size = size
        self.dataOffset = dataOffset
        self.type = type
        self.channel = channel
    }

    /// How many bytes the fixed part has.
    package static let fixedSize = 8

    /// The smallest maximum frame size that the specification lets a peer set.
    package static let minimumMaxFrameSize = 512

    /// Where the body begins, in bytes.
    package var bodyOffset: Int { Int(self.dataOffset) * 4 }

    /// Decodes a header and checks it against itself and the largest frame that is accepted.
    package init(decoding reader: inout ByteReader, maxFrameSize: Int = .max) throws(DecodingError) {
        let start = reader.offset
        func malformed(_ message: String) -> DecodingError {
            DecodingError(code: .malformedFrame, offset: start, message: message)
        }
        let size = Int(try reader.readUInt32())
        let dataOffset = try reader.readUInt8()
        let type = try reader.readUInt8()
        let channel = try reader.readUInt16()
        guard size >= Self.fixedSize else { throw malformed("a frame of \(size) bytes is smaller than its header") }
        guard size <= maxFrameSize else {
            throw DecodingError(
                code: .frameTooLarge,
                offset: start,
                message: "a frame of \(size) bytes is larger than \(maxFrameSize)"
            )
        }
        guard dataOffset >= 2, Int(dataOffset) * 4 <= size else {
            throw malformed("a data offset of \(dataOffset) does not fit a frame of \(size) bytes")
        }
        guard let frameType = FrameType(rawValue: type) else { throw malformed("\(type) is no type of frame") }
        self.init(size: size, dataOffset: dataOffset, type: frameType, channel: channel)
    }
}
