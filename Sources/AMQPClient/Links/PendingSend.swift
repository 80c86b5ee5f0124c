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

/// A message on its way, and who waits for what becomes of it.
struct PendingSend: Sendable {
    enum Recipient: Sendable {
        /// A task that wants the outcome.
        case outcome(Waiter<Outcome>)
        /// A task that wants the response to this request; only a failure to accept it matters.
        case response(Waiter<Message>)
    }

    let payload: [UInt8]
    var messageFormat: UInt32 = 0
    var tag: [UInt8]?
    var isSettled = false
    let recipient: Recipient

    /// Somebody still wants it to be sent.
    var isWanted: Bool {
        switch recipient {
        case .outcome(let waiter): waiter.isOpen
        case .response(let waiter): waiter.isOpen
        }
    }

    func resolve(_ outcome: Result<Outcome, AMQPError>) {
        switch recipient {
        case .outcome(let waiter):
            waiter.resolve(outcome)
        case .response(let waiter):
            switch outcome {
            case .success(.accepted): break
            case .success(let outcome): waiter.resolve(.failure(Self.refusal(outcome)))
            case .failure(let error): waiter.resolve(.failure(error))
            }
        }
    }

    private static func refusal(_ outcome: Outcome) -> AMQPError {
        var info: AMQPErrorInfo?
        if case .rejected(let error) = outcome { info = error }
        return .remote(.requestRefused, .delivery, info, "the request was not accepted: \(outcome)")
    }
}
