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

import Testing

/// Waits until the condition holds; lets a test clock run meanwhile. The clock goes on when all that is due has been done: by `step`, or
/// to the next one who wakes if that is later, but five seconds at most. Without a clock time stands still, and a look comes every
/// millisecond. There are `limit` looks.
func eventually(
    _ what: Comment,
    advancing clock: TestClock? = nil,
    by step: Duration = .milliseconds(250),
    limit: Int = 5_000,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async -> Bool
) async throws {
    for _ in 0..<limit {
        if await condition() { return }
        if let clock {
            try await clock.settle()
            if await condition() { return }
            clock.advance(by: max(step, min(clock.untilNextWaking ?? step, .seconds(5))))
        } else {
            try await Task.sleep(for: .milliseconds(1))
        }
    }
    Issue.record(what, sourceLocation: sourceLocation)
    throw NeverHappened()
}

/// What was waited for did not happen.
struct NeverHappened: Error {}
