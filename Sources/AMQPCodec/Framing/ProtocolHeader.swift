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

/// The eight bytes that start a protocol layer (AMQP 1.0 part 2, section 2.2).
package struct ProtocolHeader: Sendable, Hashable {
    /// Which layer: 0 AMQP, 2 TLS, 3 SASL.
    package var id: UInt8
    package var major: UInt8
    package var minor: UInt8
    package var revision: UInt8

    package init(id: UInt8, major: UInt8 = 1, minor: UInt8 = 0, revision: UInt8 = 0) {
        self.id = id
        self.major = major
        self.minor = minor
        self.revision = revision
    }

    /// How many bytes a header has.
    package static let size = 8

    /// The header of AMQP 1.0 itself.
    package static let amqp = ProtocolHeader(id: 0)

    /// The header of the SASL layer.
    package static let sasl = ProtocolHeader(id: 3)

    /// The first four bytes as a big-endian number: larger than any frame that is accepted.
    package static let magic: UInt32 = 0x414D_5150

    /// The header as bytes.
    package var bytes: [UInt8] {
        [0x41, 0x4D, 0x51, 0x50, self.id, self.major, self.minor, self.revision]
    }

    /// Decodes a header.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        let start = reader.offset
        guard try reader.readUInt32() == Self.magic else {
            throw DecodingError(
                code: .invalidProtocolHeader,
                offset: start,
                message: "a protocol header begins with the letters AMQP"
            )
        }
        self.id = try reader.readUInt8()
        self.major = try reader.readUInt8()
        self.minor = try reader.readUInt8()
        self.revision = try reader.readUInt8()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.append(contentsOf: self.bytes)
    }
}
