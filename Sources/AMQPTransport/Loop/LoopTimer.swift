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

import Synchronization

/// One timer of an event loop. Cancelling works from any thread, and after the timer has fired it does nothing: it sets an atomic, all
/// else that changes is confined to the loop.
package final class LoopTimer: @unchecked Sendable {
    /// When the timer fires, at the earliest.
    package let deadline: ContinuousClock.Instant
    let sequence: UInt64
    private let loop: EventLoop
    private let isCancelled = Atomic<Bool>(false)

    /// Confined to the loop: what to do, until it is done or cancelled.
    var body: (@Sendable () -> Void)?
    /// Confined to the loop: the place in the heap, or -1.
    var position = -1

    init(
        deadline: ContinuousClock.Instant,
        sequence: UInt64,
        loop: EventLoop,
        body: @escaping @Sendable () -> Void
    ) {
        self.deadline = deadline
        self.sequence = sequence
        self.loop = loop
        self.body = body
    }

    /// The body will not be called any more, unless it runs right now on another thread.
    package func cancel() {
        isCancelled.store(true, ordering: .releasing)
        loop.remove(self)
    }

    /// Calls the body; on the loop.
    func fire() {
        let body = self.body
        self.body = nil
        if !isCancelled.load(ordering: .acquiring) { body?() }
    }
}
