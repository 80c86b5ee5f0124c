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

internal import Synchronization

/// Counts how often and for how long the service made a client wait, and tells who wants to know.
package final class ThrottlingMeter: Sendable {
    private let state = Mutex(Throttling())
    private let handler: (@Sendable (Throttling, EventHubsError) -> Void)?

    package init(_ handler: (@Sendable (Throttling, EventHubsError) -> Void)?) { self.handler = handler }

    package var throttling: Throttling { state.withLock { $0 } }

    /// Notes that an operation is tried again in `wait` because of `error`.
    package func note(_ error: EventHubsError, wait: Duration) {
        guard error.code == .serverBusy else { return }
        let throttling = state.withLock { state in
            state.count += 1
            state.totalWait += wait
            state.lastWait = wait
            return state
        }
        handler?(throttling, error)
    }
}
