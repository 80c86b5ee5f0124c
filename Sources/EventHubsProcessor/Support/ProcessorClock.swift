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

/// The clock a host lives by. Any clock of seconds will do, a virtual one in tests too.
///
/// Its instants are those of `ContinuousClock`, so that hosts and stores need not be generic. A clock with instants of its own
/// is projected: its present at the time this value is made is the present of the continuous clock. Hosts and stores that
/// work together must share one value.
public struct ProcessorClock: Sendable {
    private let currentInstant: @Sendable () -> ContinuousClock.Instant
    private let sleepUntil: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// The real clock.
    public static let continuous = ProcessorClock(ContinuousClock())

    /// Wraps a clock.
    public init<Base: Clock>(_ clock: Base) where Base.Duration == Duration {
        let base = clock.now
        let origin = base as? ContinuousClock.Instant ?? ContinuousClock.now
        currentInstant = { origin.advanced(by: base.duration(to: clock.now)) }
        sleepUntil = { instant in
            try await clock.sleep(until: base.advanced(by: origin.duration(to: instant)), tolerance: nil)
        }
    }

    /// The present.
    public var now: ContinuousClock.Instant { currentInstant() }

    /// Waits until the instant has come.
    ///
    /// - Throws: `CancellationError`, when the task is cancelled before.
    public func sleep(until instant: ContinuousClock.Instant) async throws {
        try await sleepUntil(instant)
    }

    /// Waits for a time.
    ///
    /// - Throws: `CancellationError`, when the task is cancelled before.
    public func sleep(for duration: Duration) async throws {
        try await sleepUntil(now.advanced(by: duration))
    }
}
