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

/// Writing of fields that may be null.
extension ByteWriter {
    /// Writes a truth value, or null.
    package mutating func writeBool(_ value: Bool?) {
        if let value { self.writeBool(value) } else { self.writeNull() }
    }

    /// Writes true, or null for a false that is the field's default.
    package mutating func writeTrueOrNull(_ value: Bool) {
        self.append(value ? FormatCode.booleanTrue.rawValue : FormatCode.null.rawValue)
    }

    /// Writes an unsigned 8-bit number, or null.
    package mutating func write(ubyte value: UInt8?) {
        if let value { self.write(ubyte: value) } else { self.writeNull() }
    }

    /// Writes an unsigned 16-bit number, or null.
    package mutating func write(ushort value: UInt16?) {
        if let value { self.write(ushort: value) } else { self.writeNull() }
    }

    /// Writes an unsigned 32-bit number, or null.
    package mutating func write(uint value: UInt32?) {
        if let value { self.write(uint: value) } else { self.writeNull() }
    }

    /// Writes an unsigned 64-bit number, or null.
    package mutating func write(ulong value: UInt64?) {
        if let value { self.write(ulong: value) } else { self.writeNull() }
    }

    /// Writes a point in time, or null.
    package mutating func write(timestamp value: Timestamp?) {
        if let value { self.write(timestamp: value) } else { self.writeNull() }
    }

    /// Writes text, or null.
    package mutating func write(string value: String?) {
        if let value { self.write(string: value) } else { self.writeNull() }
    }

    /// Writes a symbol, or null.
    package mutating func write(symbol value: Symbol?) {
        if let value { self.write(symbol: value) } else { self.writeNull() }
    }

    /// Writes bytes, or null.
    package mutating func write(binary value: [UInt8]?) {
        if let value { self.write(binary: value) } else { self.writeNull() }
    }

    /// Writes a map, or null.
    package mutating func write(map value: AMQPMap?) {
        if let value { self.write(map: value) } else { self.writeNull() }
    }

    /// Writes an array of symbols, or null when there are none.
    package mutating func write(symbols: [Symbol]) {
        if symbols.isEmpty { self.writeNull() } else { self.write(array: AMQPArray(symbols: symbols)) }
    }

    /// Writes a composite value, or null.
    package mutating func write(composite value: (some Composite)?) {
        if let value { value.encode(into: &self) } else { self.writeNull() }
    }

    /// Writes a delivery state, or null.
    package mutating func write(state value: DeliveryState?) {
        if let value { value.encode(into: &self) } else { self.writeNull() }
    }
}
