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
    typealias Answer = Result<Value, AMQPError>

    private enum State {
        case pending
        case waiting(CheckedContinuation<Answer, Never>)
        case answered(Answer)
        case done
    }

    private let state = Mutex(State.pending)

    /// Gives the answer; false when there was one already.
    @discardableResult
    func resolve(_ answer: Answer) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Answer, Never>?) in
            switch state {
            case .pending:
                state = .answered(answer)
                return (true, nil)
            case .waiting(let continuation):
                state = .done
                return (true, continuation)
            case .answered, .done:
                return (false, nil)
            }
        }
        continuation?.resume(returning: answer)
        return isFirst
    }

    /// Somebody may still want the answer.
    var isOpen: Bool {
        state.withLock { state in
            switch state {
            case .pending, .waiting: true
            case .answered, .done: false
            }
        }
    }

    /// The answer; call it once. Cancelling the task ends the wait.
    func value() async throws(AMQPError) -> Value {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Answer? = state.withLock { state in
                    switch state {
                    case .pending:
                        state = .waiting(continuation)
                        return nil
                    case .answered(let answer):
                        state = .done
                        return answer
                    case .waiting, .done:
                        preconditionFailure("an answer is waited for once")
                    }
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            resolve(.failure(.cancelled()))
        }
        return try answer.get()
    }
}
