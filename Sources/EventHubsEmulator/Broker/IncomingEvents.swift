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

/// The events that one delivery of a sender brings: one plain message, or the messages of a batch.
package struct IncomingEvents: Sendable {
    /// The message format under which each data section holds a message of its own.
    package static let batchFormat: UInt32 = 0x8001_3700

    /// One event, as ranges of the delivery's bytes.
    struct Event: Sendable {
        /// The sender's message annotations as encoded pairs, without those that the service writes itself.
        var annotations: [UInt8]
        var annotationPairs: Int
        var hasProperties: Bool
        /// The sections from the properties on, as the sender encoded them.
        var content: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var events: [Event] = []
    /// The key that chooses the partition, unless the address does.
    package private(set) var partitionKey: String?
    /// How an idempotent producer numbers the delivery; nil unless it says all of it.
    package private(set) var stamp: ProducerSequences.Stamp?

    package var count: Int { events.count }

    /// Checks and takes apart a delivery.
    ///
    /// The key of a batch stands in the envelope; failing that, the first inner message has it. Inner messages that
    /// lack the envelope's key get it, so that readers see it on each event.
    package init(delivery bytes: [UInt8], messageFormat: UInt32, publisher: String? = nil) throws(ServiceError) {
        self.bytes = bytes
        let isBatch = messageFormat == Self.batchFormat
        let envelope = try MessageSections(of: bytes, in: 0..<bytes.count, keepingData: isBatch)
        let outer = try Annotations(bytes, in: envelope.messageAnnotations)
        stamp = outer.stamp
        guard isBatch else {
            partitionKey = outer.partitionKey
            events = [Self.event(envelope, outer, key: outer.partitionKey, publisher: publisher)]
            return
        }
        guard !envelope.data.isEmpty else {
            throw ServiceError(.argumentError, "The batch holds no message.")
        }
        partitionKey = outer.partitionKey
        events.reserveCapacity(envelope.data.count)
        for range in envelope.data {
            let sections = try MessageSections(of: bytes, in: range, keepingData: false)
            let inner = try Annotations(bytes, in: sections.messageAnnotations)
            if events.isEmpty, partitionKey == nil { partitionKey = inner.partitionKey }
            let key = inner.partitionKey ?? outer.partitionKey
            events.append(Self.event(sections, inner, key: key, publisher: publisher))
        }
    }

    private static func event(
        _ sections: MessageSections,
        _ annotations: Annotations,
        key: String?,
        publisher: String?
    ) -> Event {
        var encoded: [UInt8] = []
        var pairs = annotations.otherPairs
        if let key {
            Annotations.append("x-opt-partition-key", key, to: &encoded)
            pairs += 1
        }
        if let publisher {
            Annotations.append("x-opt-publisher", publisher, to: &encoded)
            pairs += 1
        }
        encoded += annotations.others
        return Event(
            annotations: encoded,
            annotationPairs: pairs,
            hasProperties: sections.hasProperties,
            content: sections.content
        )
    }
}

extension IncomingEvents {
    /// The message annotations of a sender.
    private struct Annotations {
        var partitionKey: String?
        private var producer = ProducerSequences.Claim()
        /// Every pair that the service does not write itself, as it came.
        var others: [UInt8] = []
        var otherPairs = 0

        init(_ bytes: [UInt8], in range: Range<Int>?) throws(ServiceError) {
            guard let range else { return }
            var reader = EncodedReader(bytes, in: range)
            let width = try reader.byte() == 0xC1 ? 1 : 4
            _ = try reader.number(width: width)
            let count = try reader.number(width: width)
            for _ in 0..<count / 2 {
                let start = reader.position
                let name = try Self.name(&reader)
                let valueStart = reader.position
                try reader.skipValue()
                switch name {
                case "x-opt-sequence-number", "x-opt-sequence-number-epoch", "x-opt-offset", "x-opt-enqueued-time",
                    "x-opt-publisher":
                    continue
                case "x-opt-partition-key":
                    // A key of another type than string routes nothing and stays an ordinary annotation.
                    var value = EncodedReader(bytes, in: valueStart..<reader.position)
                    if let text = try value.variable(0xA1, 0xB1) {
                        partitionKey = String(decoding: bytes[text], as: UTF8.self)
                        continue
                    }
                case "com.microsoft:producer-id", "com.microsoft:producer-epoch",
                    "com.microsoft:producer-sequence-number":
                    var value = EncodedReader(bytes, in: valueStart..<reader.position)
                    note(try value.integer(), as: name)
                    continue
                default:
                    break
                }
                others += bytes[start..<reader.position]
                otherPairs += 1
            }
        }

        /// The producer's numbers, when all of them are there.
        var stamp: ProducerSequences.Stamp? {
            guard let id = producer.id, let epoch = producer.epoch, let number = producer.sequenceNumber else {
                return nil
            }
            return ProducerSequences.Stamp(id: id, epoch: epoch, sequenceNumber: number)
        }

        private mutating func note(_ number: Int64?, as name: String?) {
            switch name {
            case "com.microsoft:producer-id": producer.id = number
            case "com.microsoft:producer-epoch": producer.epoch = number.flatMap { Int16(exactly: $0) }
            default: producer.sequenceNumber = number.flatMap { Int32(exactly: $0) }
            }
        }

        /// The key of a pair when it is a symbol; other keys are stepped over.
        private static func name(_ reader: inout EncodedReader) throws(ServiceError) -> String? {
            if let symbol = try reader.variable(0xA3, 0xB3) {
                return String(decoding: reader.bytes[symbol], as: UTF8.self)
            }
            try reader.skipValue()
            return nil
        }

        static func append(_ name: StaticString, _ value: String, to encoded: inout [UInt8]) {
            encoded.append(0xA3)
            encoded.append(UInt8(truncatingIfNeeded: name.utf8CodeUnitCount))
            name.withUTF8Buffer { encoded += $0 }
            let text = Array(value.utf8)
            if text.count < 256 {
                encoded.append(0xA1)
                encoded.append(UInt8(text.count))
            } else {
                encoded.append(0xB1)
                encoded += withBigEndianBytes(UInt32(truncatingIfNeeded: text.count))
            }
            encoded += text
        }

        private static func withBigEndianBytes(_ value: UInt32) -> [UInt8] {
            [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
        }
    }
}
