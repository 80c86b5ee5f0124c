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

public import AMQPCodec

/// Says, in time, what became of one message given to ``AMQPSender/submit(_:settled:)``.
public struct SendReceipt: Sendable {
    private let pending: PendingSend

    init(_ pending: PendingSend) {
        self.pending = pending
    }

    /// Whether the outcome is there: then ``outcome()`` does not wait.
    public var isSettled: Bool { pending.answer != nil }

    /// Waits until the receiver has settled the message. It may be called any number of times, by any number of tasks.
    ///
    /// When the calling task is cancelled the wait ends with ``AMQPError/Code/cancelled``; the message is sent all the same.
    ///
    /// - Returns: what became of the message; accepted for a message that was sent settled.
    /// - Throws: ``AMQPError``
    @inlinable
    @discardableResult
    public func outcome() async throws(AMQPError) -> Outcome {
        if let outcome = try outcomeNow() { return outcome }
        return try await outcomeInTime()
    }

    /// The outcome; nil as long as it is open.
    @usableFromInline
    func outcomeNow() throws(AMQPError) -> Outcome? { try pending.answer?.get() }

    @usableFromInline
    func outcomeInTime() async throws(AMQPError) -> Outcome { try await pending.outcome() }
}
