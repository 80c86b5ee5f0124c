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

/// Parks events in another event hub.
///
/// An event keeps its body, its properties and its application's properties, and gets some more, whose names begin with
/// `dead-letter-`: `hub`, `consumer-group`, `partition`, `sequence-number`, `offset`, `enqueued-time`, `partition-key`, `failures` and
/// `reason`. The reason is the name of the error's type, since messages of errors may hold what must not be stored, unless told
/// otherwise; it is cut after 256 bytes.
public struct EventHubDeadLetterSink: DeadLetterSink {
    /// The longest reason, in bytes of UTF-8.
    static let maximumReasonLength = 256

    private let producer: EventHubProducer
    private let reason: @Sendable (any Error) -> String

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - producer: Where the events go. The caller closes it when the host has returned.
    ///   - reason: What to say about an error.
    public init(
        producer: EventHubProducer,
        reason: @escaping @Sendable (any Error) -> String = { String(reflecting: type(of: $0)) }
    ) {
        self.producer = producer
        self.reason = reason
    }

    /// Sends the events, in as few batches as they need.
    ///
    /// - Throws: `EventHubsError`. Some of the events may have been sent by then.
    public func park(_ failure: BatchFailure) async throws {
        let reason = Self.cut(reason(failure.error))
        try await producer.send(failure.events.map { Self.letter(of: $0, failure, reason: reason) })
    }

    /// The event to send for one that failed. What it cannot be decoded to is sent as its bytes.
    static func letter(of event: ReceivedEventData, _ failure: BatchFailure, reason: String) -> EventData {
        let message = try? event.decoded()
        var letter = EventData(event.copiedBody)
        if let body = message?.body { letter.message.body = body }
        letter.message.properties = message?.properties
        var properties = message?.applicationProperties ?? AMQPMap()
        func note(_ name: String, _ value: AMQPValue) { properties[.string("dead-letter-" + name)] = value }
        note("hub", .string(failure.eventHub))
        note("consumer-group", .string(failure.consumerGroup))
        note("partition", .string(failure.partition.rawValue))
        note("sequence-number", .long(event.sequenceNumber))
        note("offset", .string(event.offset))
        note("enqueued-time", .timestamp(event.enqueuedTime))
        note("failures", .int(Int32(clamping: failure.failures)))
        note("reason", .string(reason))
        if let key = try? event.partitionKey { note("partition-key", .string(key)) }
        letter.properties = properties
        return letter
    }

    /// As many whole characters as fit.
    static func cut(_ reason: String) -> String {
        var (text, length) = ("", 0)
        for character in reason {
            length += character.utf8.count
            guard length <= maximumReasonLength else { break }
            text.append(character)
        }
        return text
    }
}
