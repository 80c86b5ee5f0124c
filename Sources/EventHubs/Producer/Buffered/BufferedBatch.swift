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

/// A batch in a buffer, and who wants to hear of it.
struct BufferedBatch: Sendable {
    /// Counts the batches of a partition, from 0.
    let number: Int

    var events: EventDataBatch

    /// Shared with the receipts of submitted events; nil while there are none.
    private(set) var outcome: BatchOutcome?

    /// Which of the events were submitted, ascending.
    private(set) var submitted: [Int] = []

    /// It shall go as soon as a send may begin.
    var isDue = false

    init(number: Int, events: EventDataBatch) {
        self.number = number
        self.events = events
    }

    var isEmpty: Bool { events.isEmpty }

    /// How many events nobody holds a receipt for.
    var enqueuedCount: Int { events.count - submitted.count }

    /// Notes that the event added last was submitted.
    mutating func noteSubmitted() -> BatchOutcome {
        submitted.append(events.count - 1)
        if let outcome { return outcome }
        let outcome = BatchOutcome()
        self.outcome = outcome
        return outcome
    }
}
