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

/// Asks the client for a response (AMQP 1.0 part 5, section 5.3.3.3).
package struct SASLChallenge: Sendable, Hashable {
    /// The mechanism's challenge.
    package var challenge: [UInt8]

    package init(challenge: [UInt8]) {
        self.challenge = challenge
    }
}

extension SASLChallenge: Composite {
    package static var compositeType: CompositeType { .saslChallenge }
    package static var fieldCount: Int { 1 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.challenge = try fields.binary("challenge", &reader).required("challenge", at: reader.offset)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(binary: self.challenge)
    }
}
