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

package import Logging

/// Runs operations under a ``RetryPolicy``.
package struct Retrier: Sendable {
    package var policy: RetryPolicy
    package var environment: ClientEnvironment
    package var logger: Logger?
    package var throttling: ThrottlingMeter?

    package init(
        _ policy: RetryPolicy,
        environment: ClientEnvironment,
        logger: Logger? = nil,
        throttling: ThrottlingMeter? = nil
    ) {
        self.policy = policy
        self.environment = environment
        self.logger = logger
        self.throttling = throttling
    }

    /// Runs `operation` until it succeeds or the policy says stop, each time for as long as the policy lets one attempt
    /// take.
    /// - Parameters:
    ///   - name: what is tried, for the log and for time-outs.
    ///   - operation: what to try.
    /// - Returns: what the operation returns.
    /// - Throws: the last attempt's error; code `cancelled` when the calling task is.
    package func run<Value: Sendable>(
        _ name: String,
        _ operation: @escaping @Sendable () async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        try await run(name) { deadline throws(EventHubsError) in
            try await finish(by: deadline, name, operation)
        }
    }

    /// As the other `run`, for an operation that keeps the deadline it is given by itself, and throws code `timeout`
    /// then. It needs no task of its own.
    package func run<Value: Sendable>(
        _ name: String,
        _ operation: (Watchdog.Deadline) async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        var attempt = 0
        while true {
            let failure: EventHubsError
            do throws(EventHubsError) {
                return try await operation(environment.watchdog.deadline(in: policy.tryTimeout))
            } catch {
                failure = error
            }
            guard !Task.isCancelled else { throw .cancelled }
            switch policy.decision(after: attempt, failedWith: failure, random: environment.random()) {
            case .stop:
                throw failure
            case .retry(let delay):
                throttling?.note(failure, wait: delay)
                logger?.info(
                    "\(name) failed and will be tried again",
                    metadata: ["error": "\(failure)", "attempt": "\(attempt + 1)", "delay": "\(delay)"]
                )
                try await pause(delay)
                attempt += 1
            }
        }
    }

    /// Waits for `delay`.
    package func pause(_ delay: Duration) async throws(EventHubsError) {
        do {
            try await environment.sleep(delay)
        } catch {
            throw .cancelled
        }
    }

    /// Runs `operation`; after `limit` it is cancelled and a time-out thrown.
    package func deadline<Value: Sendable>(
        _ limit: Duration,
        of name: String,
        _ operation: @escaping @Sendable () async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        try await finish(by: environment.watchdog.deadline(in: limit), name, operation)
    }

    /// Runs `operation`; at `deadline` it is cancelled and a time-out thrown.
    package func finish<Value: Sendable>(
        by deadline: Watchdog.Deadline,
        _ name: String,
        _ operation: @escaping @Sendable () async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        let attempt = Task { () async -> Result<Value, EventHubsError> in
            do throws(EventHubsError) {
                return .success(try await operation())
            } catch {
                return .failure(error)
            }
        }
        let watch = environment.watchdog.watch(until: deadline) { attempt.cancel() }
        let result = await withTaskCancellationHandler {
            await attempt.value
        } onCancel: {
            attempt.cancel()
        }
        let endedInTime = environment.watchdog.dismiss(watch)
        // A result that came in spite of the time-out counts.
        if !endedInTime, !Task.isCancelled, case .failure(let error) = result, error.code == .cancelled {
            throw deadline.error(of: name)
        }
        return try result.get()
    }
}
