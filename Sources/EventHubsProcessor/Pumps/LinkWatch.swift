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

/// Tells a link that is silent because nothing comes from one that is silent although events have come. It is asked now and then.
struct LinkWatch {
    /// How far events have come over the link; nil: not known.
    private var position: Int64?
    /// Since when nothing has come while the pump was waiting. Nil: it was not.
    private var silentSince: ContinuousClock.Instant?
    /// Where the partition ended when this was first asked in the silence.
    private var firstEnd: Int64?
    /// An end that lies further on than what has come.
    private var expected: Int64?

    /// Looks whether the link is dead: it has brought nothing since the last look though an event was there to be brought.
    ///
    /// - Parameters:
    ///   - position: How far events have come.
    ///   - isWaiting: Whether the pump waits for events.
    ///   - now: The present.
    /// - Returns: True once of each silence.
    mutating func isDead(at position: Int64?, isWaiting: Bool, now: ContinuousClock.Instant) -> Bool {
        guard isWaiting, silentSince != nil, position == self.position else {
            self = LinkWatch()
            self.position = position
            if isWaiting { silentSince = now }
            return false
        }
        guard expected != nil else { return false }
        self = LinkWatch()
        return true
    }

    /// How long the link has been silent.
    func silence(at now: ContinuousClock.Instant) -> Duration {
        silentSince?.duration(to: now) ?? .zero
    }

    /// The service has told where the partition ends. The start is the place the link began behind, if that is known.
    mutating func endsAt(_ end: Int64, begunBehind start: Int64? = nil) {
        guard silentSince != nil else { return }
        if let known = position ?? start ?? firstEnd {
            if end > known { expected = end }
        } else {
            firstEnd = end
        }
    }
}
