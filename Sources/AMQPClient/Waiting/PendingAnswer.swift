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

/// An answer on its way to at most one task that waits for it. The first of answer, cancellation and deadline wins.
struct PendingAnswer<Value: Sendable>: Sendable {
    typealias Answer = Result<Value, AMQPError>

    private var answer: Answer?
    private var continuation: UnsafeContinuation<Void, Never>?

    /// Somebody may still want the answer.
    private(set) var isOpen = true

    /// What giving an answer has come to.
    fileprivate enum Resolution {
        /// There was an answer already.
        case late
        /// The task to wake, if it waits.
        case first(UnsafeContinuation<Void, Never>?)
    }

    fileprivate mutating func resolve(_ answer: Answer) -> Resolution {
        guard isOpen else { return .late }
        isOpen = false
        self.answer = answer
        return .first(continuation.take())
    }

    /// Keeps the task that waits; false when the answer is there.
    fileprivate mutating func wait(_ continuation: UnsafeContinuation<Void, Never>) -> Bool {
        guard isOpen else { return false }
        self.continuation = continuation
        return true
    }

    fileprivate mutating func take() -> Answer {
        guard let answer = answer.take() else { preconditionFailure("an answer is waited for once") }
        return answer
    }
}

extension Mutex {
    /// Gives the answer; false when there was one already.
    @discardableResult
    func resolve<Wanted>(_ answer: Result<Wanted, AMQPError>) -> Bool where Value == PendingAnswer<Wanted> {
        switch withLock({ $0.resolve(answer) }) {
        case .late: return false
        case .first(let continuation):
            continuation?.resume()
            return true
        }
    }

    /// The answer; call it once. Cancelling the task ends the wait.
    func answer<Wanted>() async throws(AMQPError) -> Wanted where Value == PendingAnswer<Wanted> {
        // The answer does not come through the continuation, which would copy it by way of its type's metadata.
        await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                if !withLock({ $0.wait(continuation) }) { continuation.resume() }
            }
        } onCancel: {
            resolve(.failure(.cancelled()))
        }
        return try withLock { $0.take() }.get()
    }
}
