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
import Synchronization

/// A message on its way, and who waits for what becomes of it.
///
/// Not generic, unlike ``Waiter``: there is one for every message, and a generic object looks its type's metadata up when it ends.
final class PendingSend: Sendable {
    let payload: [UInt8]
    let messageFormat: UInt32
    let tag: [UInt8]?
    let isSettled: Bool
    /// Whoever wants the response to this request; only a failure to accept the request matters to them. Nil: a task waits for
    /// the outcome.
    private let response: Waiter<Message>?
    private let pending = Mutex(PendingAnswer<Outcome>())

    init(
        payload: [UInt8],
        messageFormat: UInt32 = 0,
        tag: [UInt8]? = nil,
        isSettled: Bool = false,
        response: Waiter<Message>? = nil
    ) {
        self.payload = payload
        self.messageFormat = messageFormat
        self.tag = tag
        self.isSettled = isSettled
        self.response = response
    }

    /// Somebody still wants it to be sent.
    var isWanted: Bool { response?.isOpen ?? pending.withLock { $0.isOpen } }

    func resolve(_ outcome: Result<Outcome, AMQPError>) {
        guard let response else {
            pending.resolve(outcome)
            return
        }
        switch outcome {
        case .success(.accepted): break
        case .success(let outcome): response.resolve(.failure(Self.refusal(outcome)))
        case .failure(let error): response.resolve(.failure(error))
        }
    }

    /// What becomes of the message; call it once. Cancelling the task ends the wait.
    func outcome() async throws(AMQPError) -> Outcome { try await pending.answer() }

    private static func refusal(_ outcome: Outcome) -> AMQPError {
        var info: AMQPErrorInfo?
        if case .rejected(let error) = outcome { info = error }
        return .remote(.requestRefused, .delivery, info, "the request was not accepted: \(outcome)")
    }
}
