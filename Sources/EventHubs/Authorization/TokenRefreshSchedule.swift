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

/// When a token is replaced: well before it expires, and not all clients at once. Pure.
package enum TokenRefreshSchedule {
    /// Tokens with a long life are replaced this long before their end.
    static let margin: Duration = .seconds(420)

    /// No refresh is planned further ahead.
    static let longestDelay: Duration = .seconds(49 * 24 * 3600)

    /// No refresh is planned sooner.
    static let shortestDelay: Duration = .seconds(1)

    /// When a token that was just accepted is replaced although, by this machine's clock, it has expired: the clock is
    /// ahead, and says nothing about the token's life.
    static let delayAfterExpiry: Duration = .seconds(30)

    /// How long to wait before a token that expires at `expiry` is replaced; nil when its expiry is not known.
    ///
    /// The margin is seven minutes, or a quarter of what is left of a short life; jitter takes off another 5 % of the
    /// rest, at most half a minute.
    /// - Parameters:
    ///   - expiry: from when on the service refuses the token.
    ///   - now: the time of day.
    ///   - random: a number from 0 up to 1.
    /// - Returns: the time to wait.
    package static func delay(until expiry: Timestamp?, now: Timestamp, random: Double) -> Duration? {
        guard let expiry else { return nil }
        let (left, overflow) = expiry.millisecondsSinceEpoch.subtractingReportingOverflow(now.millisecondsSinceEpoch)
        guard expiry > now else { return delayAfterExpiry }
        if overflow { return longestDelay }
        let life = Duration.milliseconds(left)
        let beforeMargin = life - min(margin, life / 4)
        let jitter = min(.seconds(30), beforeMargin / 20) * min(max(random, 0), 1)
        return min(max(beforeMargin - jitter, shortestDelay), longestDelay)
    }
}
