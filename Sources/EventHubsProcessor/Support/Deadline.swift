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
import Synchronization

/// Runs an operation with a deadline.
///
/// The operation runs in a task of its own, which is cancelled when the time has passed or the caller is cancelled. Past the deadline an
/// operation that ignores cancellation is left to itself, and the caller goes on: what somebody else's store does must
/// not stop a host.
///
/// - Throws: What the operation throws, or ``DeadlineExceeded``.
package func withDeadline<Value: Sendable>(
    _ duration: Duration,
    on clock: ProcessorClock,
    operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task { @concurrent in
        do {
            race.finish(.success(try await operation()))
        } catch {
            race.finish(.failure(error))
        }
    }
    let timer = Task { @concurrent in
        guard (try? await clock.sleep(for: duration)) != nil else { return }
        race.finish(.failure(DeadlineExceeded(duration: duration)))
        work.cancel()
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
        try await race.result().get()
    } onCancel: {
        work.cancel()
    }
}

/// An operation did not end in time.
package struct DeadlineExceeded: RetryableError, CustomStringConvertible {
    let duration: Duration

    package var isTransient: Bool { true }
    package var description: String { "no answer within \(duration)" }
}

/// The first result wins, later ones are dropped. One task waits for it.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Value, any Error>, Never>)
        case finished(Result<Value, any Error>)
    }

    private let state = Mutex(State.open)

    func finish(_ result: Result<Value, any Error>) {
        let waiter: CheckedContinuation<Result<Value, any Error>, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .finished(result)
                return nil
            case .awaited(let continuation):
                state = .finished(result)
                return continuation
            case .finished:
                return nil
            }
        }
        waiter?.resume(returning: result)
    }

    func result() async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            let result: Result<Value, any Error>? = state.withLock { state in
                guard case .finished(let result) = state else {
                    state = .awaited(continuation)
                    return nil
                }
                return result
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
