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

/// Where a partition ended when the service sent the event that told so.
public struct LastEnqueuedEvent: Sendable, Hashable {
    /// Sequence number of the partition's last event.
    public let sequenceNumber: Int64

    /// Offset of the partition's last event.
    public let offset: String

    /// When the partition's last event was enqueued.
    public let enqueuedTime: Timestamp

    /// When the service looked.
    public let retrievalTime: Timestamp?
}

extension LastEnqueuedEvent {
    /// Reads the delivery annotations of an event; nil when they do not tell.
    package init?(deliveryAnnotations annotations: AMQPMap) {
        guard
            let sequenceNumber = annotations[symbol: "last_enqueued_sequence_number"]?.integerValue,
            let time = annotations[symbol: "last_enqueued_time_utc"]?.timestampValue
        else { return nil }
        self.sequenceNumber = sequenceNumber
        offset = annotations[symbol: "last_enqueued_offset"]?.textValue ?? ""
        enqueuedTime = time
        retrievalTime = annotations[symbol: "runtime_info_retrieval_time_utc"]?.timestampValue
    }
}
