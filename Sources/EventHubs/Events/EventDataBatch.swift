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

/// Events that travel as one message to one partition, accepted or rejected as a whole.
///
/// Sizes are exact: an event that fits is encoded once, into its final place. Make batches with
/// ``EventHubProducer/makeBatch(_:maximumSize:)``, which knows how much the service takes.
public struct EventDataBatch: Sendable {
    /// The message format of a batch.
    package static let messageFormat: UInt32 = 0x8001_3700

    /// A batch is made no larger unless asked for, even when the service would take more.
    package static let defaultMaximumSize = 1024 * 1024

    /// Where the batch goes.
    public let target: PartitionTarget

    /// How many bytes the batch may have.
    public let maximumSize: Int

    /// How many events are in the batch.
    public private(set) var count = 0

    /// The encoded batch.
    package private(set) var payload: [UInt8]

    /// The annotations section with the partition key, to be repeated in every event; empty without a key.
    private let keySection: [UInt8]

    /// Bytes of the envelope: what an empty batch has.
    private let envelopeSize: Int

    /// An empty batch.
    package init(_ target: PartitionTarget = .automatic, maximumSize: Int = EventDataBatch.defaultMaximumSize) {
        self.target = target
        self.maximumSize = maximumSize
        guard let key = target.partitionKey else {
            (payload, keySection, envelopeSize) = ([], [], 0)
            return
        }
        let annotations: AMQPMap = [.symbol(EventData.partitionKeyAnnotation): .string(key)]
        keySection = Message(messageAnnotations: annotations).encoded()
        payload = Message(header: Header(durable: true)).encoded() + keySection
        envelopeSize = payload.count
    }

    /// Whether there is nothing to send.
    public var isEmpty: Bool { count == 0 }

    /// Bytes of the encoded batch.
    public var size: Int { payload.count }

    /// Adds `event` if the batch stays within its size.
    /// - Parameter event: the event.
    /// - Returns: whether it was added. An event that does not fit an empty batch fits none.
    public mutating func tryAdd(_ event: EventData) -> Bool {
        var writer = ByteWriter(capacity: event.encodedSizeEstimate + keySection.count)
        encode(event.message, into: &writer)
        let length = writer.count
        let overhead = length < 256 ? 5 : 8
        guard length <= maximumSize, payload.count + overhead + length <= maximumSize else { return false }
        payload.append(contentsOf: [0x00, 0x53, 0x75])
        if let short = UInt8(exactly: length) {
            payload.append(contentsOf: [0xA0, short])
        } else {
            let long = UInt32(truncatingIfNeeded: length)
            payload.append(contentsOf: [
                0xB0, UInt8(truncatingIfNeeded: long >> 24), UInt8(truncatingIfNeeded: long >> 16),
                UInt8(truncatingIfNeeded: long >> 8), UInt8(truncatingIfNeeded: long),
            ])
        }
        writer.withUnsafeBytes { payload.append(contentsOf: $0) }
        count += 1
        return true
    }

    /// Takes all events out, to fill the batch anew.
    public mutating func removeAll() {
        payload.removeSubrange(envelopeSize...)
        count = 0
    }

    /// Encodes one event with the batch's key in its annotations.
    private func encode(_ message: Message, into writer: inout ByteWriter) {
        guard let key = target.partitionKey else { return message.encode(into: &writer) }
        if message.header == nil, message.deliveryAnnotations == nil, message.messageAnnotations == nil {
            writer.append(contentsOf: keySection)
            message.encode(into: &writer)
        } else {
            var keyed = message
            keyed.messageAnnotations = keyed.messageAnnotations ?? AMQPMap()
            keyed.messageAnnotations?[symbol: EventData.partitionKeyAnnotation] = .string(key)
            keyed.encode(into: &writer)
        }
    }
}

extension EventDataBatch: CustomStringConvertible {
    /// Count and size; not the events.
    public var description: String { "EventDataBatch(\(count) events, \(size) of \(maximumSize) bytes, \(target))" }
}

extension EventData {
    /// A guess of the encoded size, so that encoding rarely has to grow its buffer.
    fileprivate var encodedSizeEstimate: Int {
        var size = 64
        if case .data(let sections) = message.body { size += sections.reduce(0) { $0 + $1.count + 8 } }
        return size + (message.applicationProperties?.count ?? 0) * 32
    }
}
