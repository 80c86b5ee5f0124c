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

internal import AMQPCodec

/// Finds the delivery tag inside an encoded transfer frame, so that a delivery can refer to it where it lies.
enum TransferTag {
    /// Where `tag`, which has been decoded from the frame, lies in it; empty if the tag is.
    static func range(in frame: RawSpan, tag: [UInt8]) -> Range<Int> {
        guard !tag.isEmpty, let found = locate(in: frame), found.count == tag.count else { return 0..<0 }
        return found
    }

    /// The frame has been decoded before, so it is well formed; whatever this walk does not know yields nil.
    private static func locate(in frame: RawSpan) -> Range<Int>? {
        var reader = ByteReader(frame)
        do {
            try reader.advance(by: 4)
            let dataOffset = Int(try reader.readUInt8()) * 4
            try reader.advance(by: dataOffset - 5)
            guard try reader.readUInt8() == 0 else { return nil }
            try skipValue(&reader)
            switch try reader.readUInt8() {
            case 0xc0: try reader.advance(by: 2)
            case 0xd0: try reader.advance(by: 8)
            default: return nil
            }
            try skipValue(&reader)
            try skipValue(&reader)
            switch try reader.readUInt8() {
            case 0xa0: return try reader.advance(by: Int(try reader.readUInt8()))
            case 0xb0: return try reader.advance(by: Int(try reader.readUInt32()))
            default: return nil
            }
        } catch {
            return nil
        }
    }

    /// Skips a primitive value by the width class of its format code (AMQP 1.0, part 1, section 1.2).
    private static func skipValue(_ reader: inout ByteReader) throws(DecodingError) {
        let code = try reader.readUInt8()
        switch code >> 4 {
        case 0x4: break
        case 0x5: try reader.advance(by: 1)
        case 0x6: try reader.advance(by: 2)
        case 0x7: try reader.advance(by: 4)
        case 0x8: try reader.advance(by: 8)
        case 0x9: try reader.advance(by: 16)
        case 0xa, 0xc, 0xe: try reader.advance(by: Int(try reader.readUInt8()))
        default: try reader.advance(by: Int(try reader.readUInt32()))
        }
    }
}
