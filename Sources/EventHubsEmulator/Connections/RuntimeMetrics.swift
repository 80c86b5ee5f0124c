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

/// The state of a partition, as delivery annotations in front of each event of a receiver that asked for it.
struct RuntimeMetrics {
    /// The encoded section.
    let section: [UInt8]

    init(of partition: PartitionLog, at now: Int64) {
        let summary = partition.summary(at: now)
        let time = summary.lastEnqueuedTime ?? 0
        let annotations: AMQPMap = [
            .symbol("last_enqueued_sequence_number"): .long(summary.lastEnqueuedSequenceNumber),
            .symbol("last_enqueued_offset"): .string(summary.lastEnqueuedOffset),
            .symbol("last_enqueued_time_utc"): .timestamp(Timestamp(millisecondsSinceEpoch: time)),
            .symbol("runtime_info_retrieval_time_utc"): .timestamp(Timestamp(millisecondsSinceEpoch: now)),
        ]
        section = Message(deliveryAnnotations: annotations, body: .empty).encoded()
    }
}
