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

/// Detaches a link from its session (AMQP 1.0 part 2, section 2.7.7).
package struct Detach: Sendable, Hashable {
    /// The link.
    package var handle: UInt32

    /// Whether the link is closed for good.
    package var closed: Bool

    /// Why it is detached, when that is an error.
    package var error: AMQPErrorInfo?

    package init(handle: UInt32, closed: Bool = false, error: AMQPErrorInfo? = nil) {
        self.handle = handle
        self.closed = closed
        self.error = error
    }
}

extension Detach: Composite {
    package static var compositeType: CompositeType { .detach }
    package static var fieldCount: Int { 3 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.handle = try fields.uint("handle", &reader).required("handle", at: reader.offset)
        self.closed = try fields.bool("closed", &reader) ?? false
        self.error = try fields.composite("error", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(uint: self.handle)
        writer.writeBool(self.closed)
        writer.write(composite: self.error)
    }
}
