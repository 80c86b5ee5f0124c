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

internal import Logging
internal import Synchronization

/// Hands the results of enqueued events to the handler; without one, keeps the first failure until somebody takes it.
final class UnclaimedFailures: Sendable {
    private let handler: BufferedEventHubProducer.ResultHandler?
    private let logger: Logger?
    private let first = Mutex<EventHubsError?>(nil)

    init(handler: BufferedEventHubProducer.ResultHandler?, logger: Logger?) {
        self.handler = handler
        self.logger = logger
    }

    /// Notes the result of `batch`.
    func report(_ batch: BufferedBatch, _ partition: PartitionID, _ failure: EventHubsError?) {
        guard batch.enqueuedCount > 0 else { return }
        if let handler {
            handler(BufferedSendResult(batch, partition: partition, error: failure))
        } else if let failure {
            logger?.error(
                "events could not be sent",
                metadata: ["count": "\(batch.enqueuedCount)", "partition": "\(partition)", "error": "\(failure)"]
            )
            first.withLock { $0 = $0 ?? failure }
        }
    }

    /// The first failure since this was last asked; nil when there was none.
    func take() -> EventHubsError? {
        first.withLock { first in
            defer { first = nil }
            return first
        }
    }
}
