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

/// What state of a terminus outlives its connection (AMQP 1.0 part 3, section 3.5.5).
public struct TerminusDurability: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public var rawValue: UInt32

    /// Makes a durability from its number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Nothing is kept.
    public static let none = TerminusDurability(rawValue: 0)

    /// The terminus is kept, without unsettled state.
    public static let configuration = TerminusDurability(rawValue: 1)

    /// The terminus is kept with its unsettled state.
    public static let unsettledState = TerminusDurability(rawValue: 2)
}
