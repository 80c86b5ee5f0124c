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

/// Answers a challenge (AMQP 1.0 part 5, section 5.3.3.4).
package struct SASLResponse: Sendable, Hashable {
    /// The mechanism's response.
    package var response: [UInt8]

    package init(response: [UInt8]) {
        self.response = response
    }
}

extension SASLResponse: Composite {
    package static var compositeType: CompositeType { .saslResponse }
    package static var fieldCount: Int { 1 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.response = try fields.binary("response", &reader).required("response", at: reader.offset)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(binary: self.response)
    }
}
