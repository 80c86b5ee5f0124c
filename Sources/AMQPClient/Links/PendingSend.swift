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

import AMQPCodec
import AMQPEngine
import Synchronization

/// What becomes of one message, and who waits for it.
///
/// Not generic, unlike ``Waiter``: there is one for every message, and a generic object looks its type's metadata up when it ends.
final class PendingSend: Sendable {
    /// What has become of the message. That is nearly always that it was accepted: a case that costs nothing to copy.
    enum Answer: Sendable {
        case accepted
        indirect case outcome(Outcome)
        indirect case failure(AMQPError)

        func get() throws(AMQPError) -> Outcome {
            switch self {
            case .accepted: .accepted
            case .outcome(let outcome): outcome
            case .failure(let error): throw error
            }
        }
    }

    private struct State {
        var answer: Answer?
        /// Nearly always one task waits, if any does.
        var waiter: UnsafeContinuation<Void, Never>?
        var others: [UnsafeContinuation<Void, Never>] = []
    }

    /// Whoever wants the response to this request; only a failure to accept the request matters to them. Nil: tasks wait for
    /// the outcome.
    private let response: Waiter<Message>?
    private let state = Mutex(State())
    private let isGivenUp = Atomic(false)

    init(response: Waiter<Message>? = nil) {
        self.response = response
    }

    /// Somebody still wants it to be sent.
    var isWanted: Bool { response?.isOpen ?? !isGivenUp.load(ordering: .relaxed) }

    /// Nobody wants it to be sent any more, if it has not been.
    func giveUp() { isGivenUp.store(true, ordering: .relaxed) }

    /// What has become of the message; nil as long as that is open.
    var answer: Answer? { state.withLock { $0.answer } }

    func resolve(_ answer: Answer) {
        guard let response else { return wake { if $0.answer == nil { $0.answer = answer } } }
        switch answer {
        case .accepted: break
        case .outcome(let outcome): response.resolve(.failure(Self.refusal(outcome)))
        case .failure(let error): response.resolve(.failure(error))
        }
    }

    /// What becomes of the message, for any number of tasks. Cancelling a task ends its wait.
    func outcome() async throws(AMQPError) -> Outcome {
        while true {
            if let answer { return try answer.get() }
            if Task.isCancelled { throw .cancelled() }
            await wait()
        }
    }

    /// Waits for the answer or the end of a wait: of all that wait here, as long as it is one task that hardly matters. The
    /// answer does not come through the continuation, which would copy it by way of its type's metadata.
    func wait() async {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isOver = state.withLock { state in
                    // Looked at under the lock that the handler below takes: whichever comes later ends the wait.
                    if state.answer != nil || Task.isCancelled { return true }
                    if state.waiter == nil { state.waiter = continuation } else { state.others.append(continuation) }
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let (waiter, others) = state.withLock { state in
            change(&state)
            defer { state.others = [] }
            return (state.waiter.take(), state.others)
        }
        waiter?.resume()
        for other in others { other.resume() }
    }

    private static func refusal(_ outcome: Outcome) -> AMQPError {
        var info: AMQPErrorInfo?
        if case .rejected(let error) = outcome { info = error }
        return .remote(.requestRefused, .delivery, info, "the request was not accepted: \(outcome)")
    }
}
