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

/// The bounds within which input is decoded; whatever exceeds them is an error, never an allocation.
public struct DecodingLimits: Sendable, Hashable {
    /// How deep values may be nested: every list, map, array and descriptor is one level.
    public var maximumDepth: Int

    /// How many elements all compound values of one input may have together.
    public var maximumElements: Int

    /// How many of those may take no bytes of their own: an array of 2³² nulls is ten bytes long.
    public var maximumZeroWidthElements: Int

    /// Makes limits.
    public init(maximumDepth: Int = 32, maximumElements: Int = 1_048_576, maximumZeroWidthElements: Int = 65_536) {
        self.maximumDepth = maximumDepth
        self.maximumElements = maximumElements
        self.maximumZeroWidthElements = maximumZeroWidthElements
    }

    /// The limits that apply when none are given.
    public static let `default` = DecodingLimits()
}
