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

/// A 32-bit decimal number (IEEE 754-2008 decimal32, binary integer decimal), carried bit for bit.
public struct Decimal32: Sendable, Hashable {
    /// The bits as they are on the wire.
    public var bits: UInt32

    /// Makes a decimal from its bits.
    public init(bits: UInt32) {
        self.bits = bits
    }
}

/// A 64-bit decimal number (IEEE 754-2008 decimal64), carried bit for bit.
public struct Decimal64: Sendable, Hashable {
    /// The bits as they are on the wire.
    public var bits: UInt64

    /// Makes a decimal from its bits.
    public init(bits: UInt64) {
        self.bits = bits
    }
}

/// A 128-bit decimal number (IEEE 754-2008 decimal128), carried bit for bit.
public struct Decimal128: Sendable, Hashable {
    /// The upper 64 bits.
    public var high: UInt64

    /// The lower 64 bits.
    public var low: UInt64

    /// Makes a decimal from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
