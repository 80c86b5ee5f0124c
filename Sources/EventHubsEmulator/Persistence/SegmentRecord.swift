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

/// What the records of a partition's file say. Numbers are little-endian.
///
/// | Record | Payload |
/// | --- | --- |
/// | head, the first of a file | sequence number of the first event (8 bytes), byte position in the log (8), ``ProducerSequences`` |
/// | delivery | time (8), number of events (4), its stamp if it bears one (14), the events as ``LogSegment`` holds them |
/// | producer let in | like a delivery of no events at the time 0; the stamp is the one with which the producer was answered |
///
/// The highest bit of the four-byte number says that there is a stamp: id (8), epoch (2), sequence number (4).
enum SegmentRecord {
    /// `events` is where they are in the payload.
    case delivery(at: Int64, count: Int, stamp: ProducerSequences.Stamp?, events: Range<Int>)
    case producer(ProducerSequences.Stamp)

    private static let stampMark: UInt32 = 1 << 31
    private static let deliveryHeadSize = 12

    /// The payload of a producer let in.
    static func encodedProducer(_ stamp: ProducerSequences.Stamp) -> [UInt8] {
        encodedDelivery(at: 0, count: 0, stamp: stamp)
    }

    /// The payload of a delivery up to its events.
    static func encodedDelivery(at time: Int64, count: Int, stamp: ProducerSequences.Stamp?) -> [UInt8] {
        let number = UInt32(count) | (stamp == nil ? 0 : stampMark)
        return RecordFile.littleEndian(time) + RecordFile.littleEndian(number) + (stamp?.encoded() ?? [])
    }

    /// A record behind the head; nil when the payload is none.
    init?(_ payload: [UInt8]) {
        guard payload.count >= Self.deliveryHeadSize else { return nil }
        let number = RecordFile.number(payload[8..<12], as: UInt32.self)
        var start = Self.deliveryHeadSize
        var stamp: ProducerSequences.Stamp?
        if number & Self.stampMark != 0 {
            let end = start + ProducerSequences.Stamp.encodedSize
            guard payload.count >= end else { return nil }
            stamp = ProducerSequences.Stamp(decoding: payload[start..<end])
            start = end
        }
        let count = Int(number & ~Self.stampMark)
        if let stamp, count == 0 {
            guard payload.count == start else { return nil }
            self = .producer(stamp)
        } else {
            guard count > 0 else { return nil }
            let time = RecordFile.number(payload[0..<8], as: Int64.self)
            self = .delivery(at: time, count: count, stamp: stamp, events: start..<payload.count)
        }
    }
}

extension SegmentRecord {
    /// The first record of a file.
    struct Head {
        var first: Int64
        var position: Int64
        var producers: ProducerSequences

        private static let fixedSize = 16

        func encoded() -> [UInt8] {
            RecordFile.littleEndian(first) + RecordFile.littleEndian(position) + producers.encoded()
        }
    }
}

extension SegmentRecord.Head {
    /// Nil when the payload is no head.
    init?(decoding payload: [UInt8]) {
        guard payload.count >= Self.fixedSize,
            let producers = ProducerSequences(decoding: payload[Self.fixedSize...])
        else { return nil }
        self.init(
            first: RecordFile.number(payload[0..<8], as: Int64.self),
            position: RecordFile.number(payload[8..<16], as: Int64.self),
            producers: producers
        )
    }
}

extension ProducerSequences.Stamp {
    static let encodedSize = 14

    func encoded() -> [UInt8] {
        RecordFile.littleEndian(id) + RecordFile.littleEndian(epoch) + RecordFile.littleEndian(sequenceNumber)
    }

    /// Exactly ``encodedSize`` bytes.
    init(decoding bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        self.init(
            id: RecordFile.number(bytes[start..<start + 8], as: Int64.self),
            epoch: RecordFile.number(bytes[start + 8..<start + 10], as: Int16.self),
            sequenceNumber: RecordFile.number(bytes[start + 10..<start + 14], as: Int32.self)
        )
    }
}
