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
/// ago is a repetition; every other is refused. All this is known since the emulator began, also when it keeps its events
/// in files.
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
        uses += 1
        let id = claim.id ?? newID()
        if var known = producers[id] {
            let epoch = claim.epoch ?? known.epoch
            guard epoch >= known.epoch else { throw Self.stolen(id, epoch, by: known.epoch) }
            known.epoch = epoch
            known.lastUse = uses
            producers[id] = known
            return Stamp(id: id, epoch: epoch, sequenceNumber: known.last)
        }
        if producers.count >= Self.maximumProducers,
            let silent = producers.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            producers[silent] = nil
        }
        let producer = Producer(epoch: claim.epoch ?? 0, last: claim.sequenceNumber ?? 0, lastUse: uses)
        producers[id] = producer
        return Stamp(id: id, epoch: producer.epoch, sequenceNumber: producer.last)
    }

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
