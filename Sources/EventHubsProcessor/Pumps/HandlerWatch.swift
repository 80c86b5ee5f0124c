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

/// Tells how long a processor has been busy with one call. It is asked now and then: the path of events reads no clock.
struct HandlerWatch {
    /// How long a call may take.
    struct Limits {
        /// After this it is slow.
        var slow: Duration?
        /// After this it is cancelled.
        var deadline: Duration?
        /// So long after it was cancelled it is given up.
        var grace: Duration
    }

    /// What a look has found for the first time of this call.
    enum Finding: Equatable {
        case nothing
        case slow
        case overdue
        case stuck
    }

    private enum Stage {
        case fresh
        case slow
        case overdue(since: ContinuousClock.Instant)
        case stuck
    }

    private var call: (number: UInt64, since: ContinuousClock.Instant, stage: Stage)?

    /// Whether the call has been found slow, or worse.
    var isSlow: Bool {
        if case .fresh? = call?.stage { return false }
        return call != nil
    }

    /// Looks.
    ///
    /// - Parameters:
    ///   - number: Names the call in progress; nil between calls.
    ///   - now: The present.
    ///   - limits: How long it may take.
    /// - Returns: What is new since the last look.
    mutating func look(at number: UInt64?, now: ContinuousClock.Instant, limits: Limits) -> Finding {
        guard let number else {
            call = nil
            return .nothing
        }
        guard let current = call, current.number == number else {
            call = (number, now, .fresh)
            return .nothing
        }
        func hasPassed(_ limit: Duration?, since start: ContinuousClock.Instant) -> Bool {
            limit.map { start.duration(to: now) >= $0 } ?? false
        }
        switch current.stage {
        case .fresh where hasPassed(limits.deadline, since: current.since),
            .slow where hasPassed(limits.deadline, since: current.since):
            call?.stage = .overdue(since: now)
            return .overdue
        case .fresh where hasPassed(limits.slow, since: current.since):
            call?.stage = .slow
            return .slow
        case .overdue(let start) where hasPassed(limits.grace, since: start):
            call?.stage = .stuck
            return .stuck
        case .fresh, .slow, .overdue, .stuck:
            return .nothing
        }
    }
}
