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

/// An event that a partition of an emulated hub holds.
public struct EmulatorEvent: Sendable, Hashable {
    /// Its number in the partition, from 0.
    public var sequenceNumber: Int64
    /// The message as receivers get it.
    public var message: Message

    /// The body; its sections one behind the other, empty if it is not made of data.
    public var body: [UInt8] {
        if case .data(let sections) = message.body { Array(sections.joined()) } else { [] }
    }

    /// The body as text. What is not UTF-8 is repaired.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The key that it was sent with, if any.
    public var partitionKey: String? { message.messageAnnotations?[symbol: "x-opt-partition-key"]?.textValue }

    /// Its offset.
    public var offset: String? { message.messageAnnotations?[symbol: "x-opt-offset"]?.textValue }
}

extension PartitionLog {
    /// The retained events from a sequence number on, at most so many.
    func events(from sequenceNumber: Int64, limit: Int) -> [EmulatorEvent] {
        var events: [EmulatorEvent] = []
        var cursor = Cursor(sequenceNumber: sequenceNumber)
        while let run = nextRun(at: &cursor, maximumEvents: min(limit - events.count, 1_024), maximumBytes: .max) {
            var number = run.firstSequenceNumber
            for bytes in run {
                // What the log holds was checked when it came.
                if let message = try? Message(decoding: Array(bytes)) {
                    events.append(EmulatorEvent(sequenceNumber: number, message: message))
                }
                number += 1
            }
        }
        return events
    }
}
