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

/// Counts how often the same events have failed in a row, over retries and new processors.
struct FailureStreak {
    private(set) var count = 0
    /// How far the events that failed have reached.
    private var reach: Int64?

    /// Something failed.
    ///
    /// - Parameter numbers: The sequence numbers of the events. Nil: it had to do with none.
    mutating func failed(at numbers: ClosedRange<Int64>?) {
        // Only what begins further on is another failure: batches are cut anew after a restart, and a poison event backs off
        // ever longer.
        let isAnother = numbers.map { $0.lowerBound > reach ?? .min } ?? false
        count = isAnother ? 1 : count + 1
        guard let numbers else { return }
        reach = max(reach ?? .min, numbers.upperBound)
    }
}
