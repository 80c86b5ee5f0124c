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

/// Says, in time, what became of one event given to ``BufferedEventHubProducer/submit(_:to:)``.
///
/// A receipt costs no allocation of its own: the events of a batch share their result, as the service accepts or rejects
/// a batch as a whole.
public struct EventReceipt: Sendable {
    /// The partition that the event goes to.
    public let partition: PartitionID

    private let outcome: BatchOutcome

    init(partition: PartitionID, outcome: BatchOutcome) {
        self.partition = partition
        self.outcome = outcome
    }

    /// Whether the result is there: then ``value()`` does not wait.
    public var isSettled: Bool { outcome.result != nil }

    /// Waits until the service has the event safe. It may be called any number of times, by any number of tasks.
    ///
    /// When the calling task is cancelled the wait ends with ``EventHubsError/Code/cancelled``; the event is sent all the
    /// same.
    /// - Throws: ``EventHubsError``: why the event was not sent.
    public func value() async throws(EventHubsError) { try await outcome.value() }
}
