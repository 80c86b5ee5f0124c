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

internal import AMQPCodec

/// The answers of `$cbs` and `$management`, as far as a client that measures needs them: every token is good.
struct ReplayNodes {
    let partitionCount: Int

    /// The answer to `request`, or nil for a node that gives none.
    func answer(to request: Message, at address: String) -> Message? {
        switch address {
        case "$cbs":
            return response(to: request, status: 202, description: "Accepted", body: .null)
        case _ where address.hasSuffix("$management"):
            let properties = request.applicationProperties
            let isPartition = properties?["type"] == .string("com.microsoft:partition")
            return response(
                to: request,
                status: 200,
                description: "OK",
                body: .map(isPartition ? partition(properties?["partition"] ?? .string("0")) : hub())
            )
        default:
            return nil
        }
    }

    private func hub() -> AMQPMap {
        let ids = (0..<partitionCount).map { AMQPValue.string(String($0)) }
        return [
            "name": .string("replay"), "type": .string("com.microsoft:eventhub"),
            "created_at": .timestamp(Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)),
            "partition_count": .int(Int32(partitionCount)),
            "partition_ids": AMQPArray(ids).map { .array($0) } ?? .null,
            "georeplication_factor": .int(1),
        ]
    }

    private func partition(_ id: AMQPValue) -> AMQPMap {
        [
            "name": .string("replay"), "type": .string("com.microsoft:partition"), "partition": id,
            "begin_sequence_number": .long(0), "last_enqueued_sequence_number": .long(.max),
            "last_enqueued_offset": .string("0"),
            "last_enqueued_time_utc": .timestamp(Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)),
            "is_partition_empty": .bool(false),
        ]
    }

    private func response(to request: Message, status: Int32, description: String, body: AMQPValue) -> Message {
        var properties = Properties()
        properties.correlationID = request.properties?.messageID
        var answer = Message(value: body)
        answer.properties = properties
        answer.applicationProperties = [
            "status-code": .int(status), "status-description": .string(description),
        ]
        return answer
    }
}
