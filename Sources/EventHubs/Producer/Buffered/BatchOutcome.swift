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

/// What became of a batch, for any number of tasks that wait for it.
final class BatchOutcome: Sendable {
    private struct State {
        var result: Result<Void, EventHubsError>?
        var waiters: [Int: CheckedContinuation<Result<Void, EventHubsError>, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// The result; nil while there is none.
    var result: Result<Void, EventHubsError>? { state.withLock { $0.result } }

    /// Gives the result. Call it once.
    func resolve(_ result: Result<Void, EventHubsError>) {
        let waiters = state.withLock { state in
            state.result = result
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: result) }
    }

    /// Waits for the result.
    /// - Throws: what the batch failed with, or code `cancelled` when the calling task is cancelled first.
    func value() async throws(EventHubsError) {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Result<Void, EventHubsError>? = state.withLock { state in
                    if let result = state.result { return result }
                    if Task.isCancelled { return .failure(.cancelled) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(returning: .failure(.cancelled))
        }
        try result.get()
    }
}
