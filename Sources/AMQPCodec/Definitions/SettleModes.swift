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

/// How a sender settles its deliveries (AMQP 1.0 part 2, section 2.8.2).
public enum SenderSettleMode: UInt8, Sendable, Hashable {
    /// All deliveries are sent unsettled.
    case unsettled = 0
    /// All deliveries are sent settled.
    case settled = 1
    /// Both kinds may be sent.
    case mixed = 2
}

/// When a receiver settles (AMQP 1.0 part 2, section 2.8.3).
public enum ReceiverSettleMode: UInt8, Sendable, Hashable {
    /// The receiver settles at once.
    case first = 0
    /// The receiver settles after the sender has.
    case second = 1
}

extension CompositeReader {
    /// Reads a field that is a number of a closed set.
    package mutating func choice<Value: RawRepresentable<UInt8>>(
        _ name: StaticString,
        _ reader: inout ByteReader,
        as type: Value.Type = Value.self
    ) throws(DecodingError) -> Value? {
        let start = reader.offset
        guard let number = try self.ubyte(name, &reader) else { return nil }
        guard let value = Value(rawValue: number) else {
            throw DecodingError(code: .invalidValue, offset: start, message: "\(number) is no legal choice").inside(
                name
            )
        }
        return value
    }
}
