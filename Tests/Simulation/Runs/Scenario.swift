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

/// What may go wrong in a run.
enum Scenario: String, CaseIterable, Sendable {
    /// Hosts start, and nothing happens to them.
    case steady
    /// Hosts join, and leave in good order.
    case planned
    /// Hosts die, and some come back under their old names.
    case crashes
    /// Hosts stand still for a time, and go on as if nothing had happened.
    case pauses
    /// The clocks of hosts are wrong by up to half a minute.
    case skew
    /// The store fails, is slow, is silent, and does what it then says it has not done.
    case store
    /// Strangers take partitions, links break, receivers cannot be opened.
    case links
    /// Processors are slow and throw.
    case processors
    /// The hub gets more partitions.
    case growth
    /// All of it.
    case chaos

    /// The one a seed plays if none is asked for: every other one is chaos.
    static func ofSeed(_ seed: UInt64) -> Scenario {
        let others = allCases.filter { $0 != .chaos }
        return seed.isMultiple(of: 2) ? .chaos : others[Int(seed / 2 % UInt64(others.count))]
    }

    func has(_ other: Scenario) -> Bool { self == .chaos || self == other }
}
