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

/// One operation that several tasks wait for. It goes on when a waiter is cancelled, and ends when it is cancelled itself.
package final class SingleFlight<Value: Sendable>: Sendable {
    private typealias Outcome = Result<Value, EventHubsError>

    private struct State {
        var outcome: Outcome?
        var waiters: [Int: CheckedContinuation<Outcome, Never>] = [:]
        var nextWaiter = 0
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Starts `operation`.
    package init(_ operation: @escaping @Sendable () async throws(EventHubsError) -> Value) {
        let task = Task { [weak self] in
            let outcome: Outcome
            do throws(EventHubsError) {
                outcome = .success(try await operation())
            } catch {
                outcome = .failure(error)
            }
            self?.finish(outcome)
        }
        let cancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if cancelled { task.cancel() }
    }

    deinit { cancel() }

    /// What came of the operation; nil while it runs.
    package var result: Result<Value, EventHubsError>? { state.withLock { $0.outcome } }

    /// Waits for the operation.
    /// - Returns: what it returns.
    /// - Throws: what it throws, or code `cancelled` when the calling task is cancelled first.
    package func value() async throws(EventHubsError) -> Value {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                let outcome: Outcome? = state.withLock { state in
                    if let outcome = state.outcome { return outcome }
                    if Task.isCancelled { return .failure(.cancelled) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(returning: .failure(.cancelled))
        }
        return try outcome.get()
    }

    /// Ends the operation; those who wait for it get what it then throws.
    package func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    private func finish(_ outcome: Outcome) {
        let waiters = state.withLock { state in
            state.outcome = outcome
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: outcome) }
    }
}
