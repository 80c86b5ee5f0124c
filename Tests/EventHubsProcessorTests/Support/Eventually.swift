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

/// Waits until the condition holds; lets a test clock run meanwhile. The clock goes on by `step` between looks, of which there are
/// `limit` at most, one millisecond of real time each. Without a clock time stands still.
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
        try await Task.sleep(for: .milliseconds(1))
        clock?.advance(by: step)
    }
    Issue.record(what, sourceLocation: sourceLocation)
    throw NeverHappened()
}

/// What was waited for did not happen.
struct NeverHappened: Error {}
