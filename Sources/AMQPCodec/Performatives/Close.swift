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

/// Closes a connection (AMQP 1.0 part 2, section 2.7.9).
package struct Close: Sendable, Hashable {
    /// Why it closes, when that is an error.
    package var error: AMQPErrorInfo?

    package init(error: AMQPErrorInfo? = nil) {
        self.error = error
    }
}

extension Close: Composite {
    package static var compositeType: CompositeType { .close }
    package static var fieldCount: Int { 1 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.error = try fields.composite("error", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(composite: self.error)
    }
}
