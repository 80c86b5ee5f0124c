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

/// Ends the SASL exchange (AMQP 1.0 part 5, section 5.3.3.5).
package struct SASLOutcome: Sendable, Hashable {
    /// How an exchange ended.
    package enum Code: UInt8, Sendable, Hashable {
        /// The peer is authenticated.
        case ok = 0
        /// The credentials were refused.
        case auth = 1
        /// The system failed.
        case sys = 2
        /// The system failed and will again.
        case sysPerm = 3
        /// The system failed and may not the next time.
        case sysTemp = 4
    }

    /// How the exchange ended.
    package var code: Code

    /// What the mechanism adds to a success.
    package var additionalData: [UInt8]?

    package init(code: Code, additionalData: [UInt8]? = nil) {
        self.code = code
        self.additionalData = additionalData
    }
}

extension SASLOutcome: Composite {
    package static var compositeType: CompositeType { .saslOutcome }
    package static var fieldCount: Int { 2 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.code = try fields.choice("code", &reader).required("code", at: reader.offset)
        self.additionalData = try fields.binary("additional-data", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(ubyte: self.code.rawValue)
        writer.write(binary: self.additionalData)
    }

    /// Encodes the outcome; like the service, with the code alone when there is nothing to add.
    package func encode(into writer: inout ByteWriter) {
        writer.writeDescriptor(Self.compositeType.rawValue)
        let list = writer.beginList(fieldCount: self.additionalData == nil ? 1 : 2)
        writer.write(ubyte: self.code.rawValue)
        if let additionalData = self.additionalData { writer.write(binary: additionalData) }
        writer.endList(list)
    }
}
