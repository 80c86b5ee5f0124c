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

import EventHubs

let connectionString = CommandLine.arguments[1]
let processed = PartitionProgress(sequenceNumber: 4_711, offset: "1208024")

struct PartitionProgress {
    var sequenceNumber: Int64
    var offset: String
}

try await EventHubConsumer.withConsumer(connectionString: connectionString) { consumer in
    // Behind the last event that was processed: its offset as it came, or its number.
    let afterOffset = EventPosition.offset(processed.offset)
    let afterNumber = EventPosition.sequenceNumber(processed.sequenceNumber)
    // That event once more, and those behind it.
    let again = EventPosition.sequenceNumber(processed.sequenceNumber, inclusive: true)
    // What was enqueued after a time, which the service's clock gives.
    let midnight = EventPosition.enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_795_651_200_000))
    print(afterNumber, again, midnight)

    // Each event tells where the partition ended when it was sent.
    let options = PartitionOptions(tracksLastEnqueuedEvent: true)
    let receiver = try await consumer.openPartition("0", from: afterOffset, options: options)
    while let batch = try await receiver.nextBatch() {
        guard let event = batch.last, let end = receiver.lastEnqueued else { continue }
        print("\(end.sequenceNumber - event.sequenceNumber) events behind at \(end.enqueuedTime)")
    }
}
