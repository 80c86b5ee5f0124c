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

/// Offers the mechanisms that a server supports (AMQP 1.0 part 5, section 5.3.3.1).
package struct SASLMechanisms: Sendable, Hashable {
    /// The mechanisms in order of preference.
    package var mechanisms: [Symbol]

    package init(mechanisms: [Symbol]) {
        self.mechanisms = mechanisms
    }
}

extension SASLMechanisms: Composite {
    package static var compositeType: CompositeType { .saslMechanisms }
    package static var fieldCount: Int { 1 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.mechanisms = try fields.symbols("sasl-server-mechanisms", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(array: AMQPArray(symbols: self.mechanisms))
    }
}
