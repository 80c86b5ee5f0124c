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

/// What a task of a domain waits for: an answer, an alarm, an event. The first result counts.
final class Reply<Value: Sendable>: @unchecked Sendable {
    private var continuation: UnsafeContinuation<Value, any Error>?
    private var isFinished = false
    /// The result, if it came before anybody waited for it.
    private var early: (() throws -> Value)?
    /// Whether the waiting task was cancelled before there was a result.
    private(set) var isAbandoned = false
    /// Called when the waiting task was cancelled.
    var onAbandon: (() -> Void)?

    /// Begins something and waits for its result; a cancelled wait ends at once with `CancellationError`, whatever becomes of the rest.
    static func awaiting(in domain: Domain, _ begin: (Reply) -> Void) async throws -> Value {
        let reply = Reply()
        begin(reply)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if let early = reply.early {
                    continuation.resume(with: Result(catching: early))
                } else {
                    reply.continuation = continuation
                }
            }
        } onCancel: {
            reply.isAbandoned = !reply.isFinished
            reply.onAbandon?()
            reply.finish(.failure(CancellationError()))
        }
    }

    /// To be called in the domain of the waiting task.
    func finish(_ result: Result<Value, any Error>) {
        guard !isFinished else { return }
        isFinished = true
        onAbandon = nil
        if let continuation {
            self.continuation = nil
            continuation.resume(with: result)
        } else {
            early = result.get
        }
    }
}
