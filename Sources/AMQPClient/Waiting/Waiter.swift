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

/// One answer that at most one task waits for. The first of answer, cancellation and deadline wins.
final class Waiter<Value: Sendable>: Sendable {
    private let state = Mutex(PendingAnswer<Value>())

    /// Gives the answer; false when there was one already.
    @discardableResult
    func resolve(_ answer: Result<Value, AMQPError>) -> Bool { state.resolve(answer) }

    /// Somebody may still want the answer.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// The answer; call it once. Cancelling the task ends the wait.
    func value() async throws(AMQPError) -> Value { try await state.answer() }
}
