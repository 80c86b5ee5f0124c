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

/// How long there has been something processed that no checkpoint covers, as far as looks now and then can tell.
struct CheckpointAge {
    private typealias Mark = (number: Int64, since: ContinuousClock.Instant)

    /// The first look that has found something which is still not covered.
    private var oldest: Mark?
    /// The last look that has found something new.
    private var latest: Mark?

    /// Looks.
    ///
    /// - Parameters:
    ///   - processed: The sequence number of the last event processed.
    ///   - covered: That of the last checkpoint.
    ///   - now: The present.
    /// - Returns: The age; zero when everything is covered.
    mutating func look(processed: Int64?, covered: Int64?, now: ContinuousClock.Instant) -> Duration {
        func isCovered(_ mark: Mark?) -> Bool {
            guard let mark else { return true }
            return covered.map { $0 >= mark.number } ?? false
        }
        if isCovered(latest) { latest = nil }
        if isCovered(oldest) { oldest = latest }
        if let processed, covered.map({ processed > $0 }) ?? true, latest.map({ processed > $0.number }) ?? true {
            latest = (processed, now)
            if oldest == nil { oldest = latest }
        }
        return oldest?.since.duration(to: now) ?? .zero
    }
}
