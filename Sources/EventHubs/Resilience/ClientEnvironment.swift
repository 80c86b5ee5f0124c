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

/// What a client takes from the world: the time of day, waiting and chance. Tests put their own here.
package struct ClientEnvironment: Sendable {
    /// The time of day.
    package var wallClock: WallClock

    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    /// A number from 0 up to 1, for jitter.
    package var random: @Sendable () -> Double

    /// Ends what takes too long.
    package let watchdog: Watchdog

    private let uptime: @Sendable () -> Duration

    /// - Parameters:
    ///   - wallClock: the time of day.
    ///   - uptime: a time that only goes forward, at the pace of `sleep`.
    ///   - sleep: waits; throws when the task is cancelled.
    ///   - random: a number from 0 up to 1.
    package init(
        wallClock: WallClock,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.wallClock = wallClock
        self.sleep = sleep
        self.random = random
        self.uptime = uptime
        watchdog = Watchdog(now: uptime, sleep: sleep)
    }

    /// A watchdog for waits that are all of one length: among others, each might need a sleeper of its own.
    func makeWatchdog() -> Watchdog { Watchdog(now: uptime, sleep: sleep) }

    /// The system's clocks and generator.
    package static let system = ClientEnvironment(
        wallClock: .system,
        uptime: { [start = ContinuousClock.now] in start.duration(to: .now) },
        sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) }
    )
}

extension EventHubsError {
    /// The calling task was cancelled.
    package static var cancelled: EventHubsError { EventHubsError(.cancelled, "The calling task was cancelled.") }

    /// The client has been closed by its user.
    package static var closed: EventHubsError { EventHubsError(.closed, "The client has been closed.") }

    /// The error behind `error`, which came from somebody else's code.
    static func wrapping(_ error: any Error, _ otherwise: (any Error) -> EventHubsError) -> EventHubsError {
        if let error = error as? EventHubsError { return error }
        if error is CancellationError { return .cancelled }
        return otherwise(error)
    }
}
