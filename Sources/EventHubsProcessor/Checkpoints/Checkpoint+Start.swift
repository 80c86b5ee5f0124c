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

extension Checkpoint {
    /// The checkpoint that makes every library begin where a partition without one begins: it names the place before the first event.
    /// Nil when the service does not tell this place by sequence number.
    ///
    /// - Parameters:
    ///   - position: `.earliest` or `.latest`; nothing is known about others.
    ///   - properties: The partition's, read when the position was decided on.
    init?(before position: EventPosition, in properties: PartitionProperties) {
        let end = properties.lastEnqueuedSequenceNumber
        switch position {
        case .earliest where !properties.isEmpty && properties.beginningSequenceNumber > .min:
            // The offset before the oldest event is no event's any more: this one is the service's own word for it.
            self.init(partition: properties.id, offset: "-1", sequenceNumber: properties.beginningSequenceNumber - 1)
        case .earliest, .latest:
            // Of a partition that never had an event these are "-1" and -1.
            self.init(partition: properties.id, offset: properties.lastEnqueuedOffset, sequenceNumber: end)
        case .offset, .sequenceNumber, .enqueuedTime:
            return nil
        }
    }
}
