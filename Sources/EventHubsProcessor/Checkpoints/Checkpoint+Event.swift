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

public import EventHubs

extension Checkpoint {
    /// The checkpoint that an event of the partition makes.
    public init(of event: ReceivedEventData, in partition: PartitionID) {
        self.init(
            partition: partition,
            offset: event.offset,
            sequenceNumber: event.sequenceNumber,
            enqueuedTime: event.enqueuedTime.millisecondsSinceEpoch > 0 ? event.enqueuedTime : nil
        )
    }
}
