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
import EventHubs
import LogSupport
import Logging
import Testing

/// Waits until the condition holds in the real world of sockets and stores, which has no clock to turn; half a minute at most.
func until(
    _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async -> Bool
) async throws {
    for _ in 0..<1_500 {
        if await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record(what, sourceLocation: sourceLocation)
    throw NeverHappened()
}

/// What was waited for did not happen.
struct NeverHappened: Error {}
