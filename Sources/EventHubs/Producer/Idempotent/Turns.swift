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

internal import DequeModule
internal import Synchronization

/// Lets one task in at a time, in the order in which they come.
final class Turns: Sendable {
    private struct State {
        var isTaken = false
        var waiters: Deque<(id: Int, continuation: CheckedContinuation<Bool, Never>)> = []
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Waits for a turn; whoever gets one gives it back by ``leave()``.
    /// - Throws: ``EventHubsError`` with code `cancelled` when the calling task is cancelled first: it has no turn then.
    func enter() async throws(EventHubsError) {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIn: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    guard state.isTaken else {
                        state.isTaken = true
                        return true
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let isIn { continuation.resume(returning: isIn) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: index).continuation
            }
            continuation?.resume(returning: false)
        }
        guard isIn else { throw .cancelled }
    }

    /// Ends a turn.
    func leave() {
        let next = state.withLock { state in
            let next = state.waiters.popFirst()
            state.isTaken = next != nil
            return next
        }
        next?.continuation.resume(returning: true)
    }
}
