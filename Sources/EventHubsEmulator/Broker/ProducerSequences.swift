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

/// The idempotent producers of one partition: their epochs, and how far each has come.
///
/// Producers number their events. A delivery whose first number follows the last one is new; one that was taken not long
/// ago is a repetition; every other is refused.
///
/// A partition that keeps its events in files keeps this with them. What changes it is only what stands there: ``open(_:newID:)``
/// of a producer or an epoch that was not known, and ``stored(_:count:)``.
package struct ProducerSequences: Sendable {
    /// What a sender link says about its producer; nil is for the service to fill in.
    package struct Claim: Equatable, Sendable {
        package var id: Int64?
        package var epoch: Int16?
        package var sequenceNumber: Int32?

        package init(id: Int64? = nil, epoch: Int16? = nil, sequenceNumber: Int32? = nil) {
            self.id = id
            self.epoch = epoch
            self.sequenceNumber = sequenceNumber
        }
    }

    /// A producer at one moment: as it is answered with the last number taken, as a delivery bears it with its first.
    package struct Stamp: Equatable, Sendable {
        package var id: Int64
        package var epoch: Int16
        package var sequenceNumber: Int32

        package init(id: Int64, epoch: Int16, sequenceNumber: Int32) {
            self.id = id
            self.epoch = epoch
            self.sequenceNumber = sequenceNumber
        }
    }

    /// What a delivery is.
    package enum Verdict: Equatable, Sendable {
        case new
        case repetition
    }

    private struct Delivery: Equatable {
        var first: Int32
        var count: Int
    }

    private struct Producer {
        var epoch: Int16
        var last: Int32
        /// The newest deliveries, by which repetitions are known.
        var recent: [Delivery] = []
        var lastUse: UInt64
    }

    /// How many producers are remembered; the one that has been silent longest is forgotten for another.
    package static let maximumProducers = 1_000

    /// How many deliveries of a producer are remembered.
    package static let maximumRecent = 5

    private var producers: [Int64: Producer] = [:]
    private var uses: UInt64 = 0

    package init() {}

    /// Lets a producer in, or says why not. What is known of it counts more than what it claims, but for a higher epoch.
    package mutating func open(_ claim: Claim, newID: () -> Int64) throws(ServiceError) -> Stamp {
        let id = claim.id ?? newID()
        if var known = producers[id] {
            let epoch = claim.epoch ?? known.epoch
            guard epoch >= known.epoch else { throw Self.stolen(id, epoch, by: known.epoch) }
            if epoch > known.epoch {
                uses += 1
                known.epoch = epoch
                known.lastUse = uses
                producers[id] = known
            }
            return Stamp(id: id, epoch: epoch, sequenceNumber: known.last)
        }
        uses += 1
        if producers.count >= Self.maximumProducers,
            let silent = producers.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            producers[silent] = nil
        }
        let producer = Producer(epoch: claim.epoch ?? 0, last: claim.sequenceNumber ?? 0, lastUse: uses)
        producers[id] = producer
        return Stamp(id: id, epoch: producer.epoch, sequenceNumber: producer.last)
    }

    var isEmpty: Bool { producers.isEmpty }

    /// Whether a producer of this epoch has been let in before.
    func knows(_ stamp: Stamp) -> Bool { producers[stamp.id]?.epoch == stamp.epoch }

    /// Tells what a delivery of `count` events is, or why it is refused.
    package func verdict(on stamp: Stamp, count: Int) throws(ServiceError) -> Verdict {
        guard let producer = producers[stamp.id] else {
            throw ServiceError(.outOfOrderSequence, "The producer '\(stamp.id)' is not known to the partition.")
        }
        guard stamp.epoch >= producer.epoch else { throw Self.stolen(stamp.id, stamp.epoch, by: producer.epoch) }
        let expected = Self.number(after: producer.last)
        if stamp.sequenceNumber == expected { return .new }
        if producer.recent.contains(Delivery(first: stamp.sequenceNumber, count: count)) { return .repetition }
        throw ServiceError(
            .outOfOrderSequence,
            "The sequence number '\(stamp.sequenceNumber)' of producer '\(stamp.id)' is out of order. The next sequence "
                + "number is '\(expected)'."
        )
    }

    /// Notes that a new delivery of `count` events has been stored.
    package mutating func stored(_ stamp: Stamp, count: Int) {
        uses += 1
        guard var producer = producers[stamp.id] else { return }
        producer.last = Self.number(stamp.sequenceNumber, plus: count - 1)
        producer.recent.append(Delivery(first: stamp.sequenceNumber, count: count))
        if producer.recent.count > Self.maximumRecent { producer.recent.removeFirst() }
        producer.lastUse = uses
        producers[stamp.id] = producer
    }

    /// Whether a link of this epoch may still send.
    package func isCurrent(_ stamp: Stamp) -> Bool { (producers[stamp.id]?.epoch ?? stamp.epoch) <= stamp.epoch }

    package static func stolen(_ id: Int64, _ epoch: Int16, by newer: Int16) -> ServiceError {
        ServiceError(
            .producerEpochStolen,
            "The producer '\(id)' with epoch '\(epoch)' has been fenced off by one with the higher epoch '\(newer)'."
        )
    }

    /// Numbers are never negative: 0 follows the largest.
    private static func number(after number: Int32) -> Int32 { number == .max ? 0 : number + 1 }

    private static func number(_ number: Int32, plus count: Int) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(number) + Int64(count)) & Int64(Int32.max))
    }
}

extension ProducerSequences {
    private static let producerSize = Stamp.encodedSize + 4
    private static let deliverySize = 8

    /// Everything, as a head of a partition's file holds it: of each producer, the one that has been silent longest first, its stamp
    /// with the last number taken, how many deliveries are remembered (4 bytes), and of each its first number and count (4 bytes each).
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        for (id, producer) in producers.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            bytes += Stamp(id: id, epoch: producer.epoch, sequenceNumber: producer.last).encoded()
            bytes += RecordFile.littleEndian(UInt32(producer.recent.count))
            for delivery in producer.recent {
                bytes += RecordFile.littleEndian(delivery.first) + RecordFile.littleEndian(Int32(delivery.count))
            }
        }
        return bytes
    }

    /// Nil when the bytes are nothing that ``encoded()`` gives.
    init?(decoding bytes: ArraySlice<UInt8>) {
        var left = bytes
        while !left.isEmpty {
            guard left.count >= Self.producerSize else { return nil }
            let stamp = Stamp(decoding: left.prefix(Stamp.encodedSize))
            let count = Int(
                RecordFile.number(left.prefix(Self.producerSize).suffix(4), as: UInt32.self)
            )
            left = left.dropFirst(Self.producerSize)
            guard producers[stamp.id] == nil, producers.count < Self.maximumProducers, count <= Self.maximumRecent,
                left.count >= count * Self.deliverySize
            else { return nil }
            uses += 1
            var producer = Producer(epoch: stamp.epoch, last: stamp.sequenceNumber, lastUse: uses)
            for _ in 0..<count {
                producer.recent.append(
                    Delivery(
                        first: RecordFile.number(left.prefix(4), as: Int32.self),
                        count: Int(RecordFile.number(left.prefix(8).suffix(4), as: Int32.self))
                    )
                )
                left = left.dropFirst(Self.deliverySize)
            }
            producers[stamp.id] = producer
        }
    }
}
