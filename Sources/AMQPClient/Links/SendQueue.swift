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

import AMQPEngine
import DequeModule

/// The messages that a sender has been given and the engine has not, in the order of the calls. It knows no lock and no loop.
struct SendQueue {
    struct Message {
        let delivery: OutgoingDelivery
        let send: PendingSend

        var size: Int { delivery.payload.count }
        var isSettled: Bool { delivery.settled == true }
    }

    /// A message behind those there is room for, and the task that waits until it has moved up.
    private struct Newcomer {
        let message: Message
        let continuation: UnsafeContinuation<AMQPError?, Never>?
    }

    private var messages: Deque<Message> = []
    private var bytes = 0
    private var newcomers: Deque<Newcomer> = []

    /// Somebody has been asked to take messages out.
    var isScheduled = false
    /// Why nothing is taken in any more, once that is so.
    private(set) var end: AMQPError?

    /// How many messages are in.
    var count: Int { messages.count + newcomers.count }

    /// Takes a message in whose task waits for its outcome anyway.
    mutating func append(_ message: Message) {
        // Behind those that wait for room, if there are some.
        guard newcomers.isEmpty else { return newcomers.append(Newcomer(message: message, continuation: nil)) }
        push(message)
    }

    /// Takes a message in if there is room for it; false otherwise.
    mutating func tryAppend(_ message: Message, _ options: AMQPSenderOptions) -> Bool {
        guard newcomers.isEmpty, hasRoom(options) else { return false }
        push(message)
        return true
    }

    /// Takes a message in whose task waits until there is room for it.
    mutating func append(_ message: Message, _ continuation: UnsafeContinuation<AMQPError?, Never>) {
        newcomers.append(Newcomer(message: message, continuation: continuation))
    }

    /// Takes a message out that still waits for room; nil when it does not.
    mutating func withdraw(_ send: PendingSend) -> UnsafeContinuation<AMQPError?, Never>? {
        guard let index = newcomers.firstIndex(where: { $0.message.send === send }) else { return nil }
        return newcomers.remove(at: index).continuation
    }

    /// Moves those up for whom there is room; the tasks to wake.
    mutating func moveUp(_ options: AMQPSenderOptions, _ moved: inout [UnsafeContinuation<AMQPError?, Never>]) {
        while !newcomers.isEmpty, hasRoom(options), let next = newcomers.popFirst() {
            push(next.message)
            if let continuation = next.continuation { moved.append(continuation) }
        }
    }

    /// The next message to go, as far as it matters to whether it may: a copy of the message itself would be dearer.
    struct Next {
        let size: Int
        let isSettled: Bool
        let isWanted: Bool
    }

    var next: Next? {
        guard !messages.isEmpty else { return nil }
        return Next(
            size: messages[0].delivery.payload.count,
            isSettled: messages[0].delivery.settled == true,
            isWanted: messages[0].send.isWanted
        )
    }

    mutating func removeFirst() -> Message {
        let message = messages.removeFirst()
        bytes -= message.size
        return message
    }

    /// Takes nothing in any more; what was in, and the tasks to wake.
    mutating func close(_ error: AMQPError) -> ([PendingSend], [UnsafeContinuation<AMQPError?, Never>]) {
        if end == nil { end = error }
        defer { (messages, newcomers, bytes) = ([], [], 0) }
        return (
            messages.map(\.send) + newcomers.map(\.message.send),
            newcomers.compactMap(\.continuation)
        )
    }

    private mutating func push(_ message: Message) {
        messages.append(message)
        bytes += message.size
    }

    /// As much may wait as may be under way: the loop finds something to send whenever it comes by.
    private func hasRoom(_ options: AMQPSenderOptions) -> Bool {
        messages.isEmpty || messages.count < options.maximumInFlight && bytes < options.maximumInFlightBytes
    }
}
