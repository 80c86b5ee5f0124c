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

/// Details of an error that a peer reports (AMQP 1.0 part 2, section 2.8.14).
public struct AMQPErrorInfo: Sendable, Hashable {
    /// What kind of error it is.
    public var condition: ErrorCondition

    /// The peer's explanation, for people.
    public var description: String?

    /// More about the error, by symbol.
    public var info: AMQPMap?

    /// Makes an error.
    public init(condition: ErrorCondition, description: String? = nil, info: AMQPMap? = nil) {
        self.condition = condition
        self.description = description
        self.info = info
    }
}

extension AMQPErrorInfo: Composite {
    package static var compositeType: CompositeType { .error }
    package static var fieldCount: Int { 3 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        let condition = try fields.symbol("condition", &reader).required("condition", at: reader.offset)
        self.condition = ErrorCondition(rawValue: condition.rawValue)
        self.description = try fields.string("description", &reader)
        self.info = try fields.map("info", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(symbol: Symbol(self.condition.rawValue))
        writer.write(string: self.description)
        writer.write(map: self.info)
    }
}
