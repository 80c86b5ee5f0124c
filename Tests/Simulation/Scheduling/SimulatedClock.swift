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

/// The clock of one domain. It goes as fast as the world's, and wrong by the skew.
struct SimulatedClock: Clock {
    typealias Instant = ContinuousClock.Instant
    typealias Duration = Swift.Duration

    /// The instant at which every world begins.
    static let epoch: Instant = {
        if #available(macOS 26, *) { ContinuousClock().systemEpoch } else { .now }
    }()

    let scheduler: JobScheduler
    let domain: Domain
    let skew: Nanoseconds

    var now: Instant { Self.epoch.advanced(by: .nanoseconds(scheduler.now + skew)) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let pause = now.duration(to: deadline)
        try Task.checkCancellation()
        guard pause > .zero else { return }
        try await Reply<Void>.awaiting(in: domain) { reply in
            let timer = scheduler.schedule(after: pause.inNanoseconds, in: domain) { reply.finish(.success(())) }
            reply.onAbandon = { timer.cancel() }
        }
    }
}

extension Duration {
    /// In whole nanoseconds, rounded up.
    var inNanoseconds: Nanoseconds {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
    }
}
