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

/// Chooses a mechanism and begins the exchange (AMQP 1.0 part 5, section 5.3.3.2).
package struct SASLInit: Sendable, Hashable {
    /// The chosen mechanism.
    package var mechanism: Symbol

    /// The first response, if the mechanism has one.
    package var initialResponse: [UInt8]?

    /// The virtual host that the client wants.
    package var hostname: String?

    package init(mechanism: Symbol, initialResponse: [UInt8]? = nil, hostname: String? = nil) {
        self.mechanism = mechanism
        self.initialResponse = initialResponse
        self.hostname = hostname
    }
}

extension SASLInit: Composite {
    package static var compositeType: CompositeType { .saslInit }
    package static var fieldCount: Int { 3 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.mechanism = try fields.symbol("mechanism", &reader).required("mechanism", at: reader.offset)
        self.initialResponse = try fields.binary("initial-response", &reader)
        self.hostname = try fields.string("hostname", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(symbol: self.mechanism)
        writer.write(binary: self.initialResponse)
        writer.write(string: self.hostname)
    }
}
