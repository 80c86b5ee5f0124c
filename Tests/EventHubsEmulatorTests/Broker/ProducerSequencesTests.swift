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

import EventHubsEmulator
import Testing

@Suite("Sequences of idempotent producers")
struct ProducerSequencesTests {
    private typealias Stamp = ProducerSequences.Stamp
    private typealias Claim = ProducerSequences.Claim

    private func condition(_ body: () throws(ServiceError) -> Void) -> ServiceCondition? {
        do throws(ServiceError) {
            try body()
            return nil
        } catch {
            return error.condition
        }
    }

    @Test("A producer that says nothing is given an id, the first epoch and a beginning")
    func fresh() throws {
        var sequences = ProducerSequences()
        #expect(try sequences.open(Claim()) { 42 } == Stamp(id: 42, epoch: 0, sequenceNumber: 0))
    }

    @Test("Deliveries follow each other; what is repeated is known; gaps are refused")
    func order() throws {
        var sequences = ProducerSequences()
        _ = try sequences.open(Claim(id: 1)) { 0 }
        func stamp(_ number: Int32) -> Stamp { Stamp(id: 1, epoch: 0, sequenceNumber: number) }
        #expect(try sequences.verdict(on: stamp(1), count: 3) == .new)
        sequences.stored(stamp(1), count: 3)
        #expect(try sequences.verdict(on: stamp(1), count: 3) == .repetition)
        #expect(try sequences.verdict(on: stamp(4), count: 1) == .new)
        sequences.stored(stamp(4), count: 1)
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.verdict(on: stamp(6), count: 1) }
                == .outOfOrderSequence
        )
        // The number is known, the delivery is another.
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.verdict(on: stamp(1), count: 2) }
                == .outOfOrderSequence
        )
        #expect(try sequences.open(Claim(id: 1)) { 0 }.sequenceNumber == 4)
    }

    @Test("Repetitions are known for as many deliveries as are remembered")
    func window() throws {
        var sequences = ProducerSequences()
        _ = try sequences.open(Claim(id: 1)) { 0 }
        let count = Int32(ProducerSequences.maximumRecent)
        for number in 1...count + 1 { sequences.stored(Stamp(id: 1, epoch: 0, sequenceNumber: number), count: 1) }
        let oldest = Stamp(id: 1, epoch: 0, sequenceNumber: 2)
        #expect(try sequences.verdict(on: oldest, count: 1) == .repetition)
        let forgotten = Stamp(id: 1, epoch: 0, sequenceNumber: 1)
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.verdict(on: forgotten, count: 1) }
                == .outOfOrderSequence
        )
    }

    @Test("After the largest number comes 0")
    func wrap() throws {
        var sequences = ProducerSequences()
        #expect(try sequences.open(Claim(id: 1, sequenceNumber: .max - 1)) { 0 }.sequenceNumber == .max - 1)
        let stamp = Stamp(id: 1, epoch: 0, sequenceNumber: .max)
        #expect(try sequences.verdict(on: stamp, count: 2) == .new)
        sequences.stored(stamp, count: 2)
        #expect(try sequences.verdict(on: Stamp(id: 1, epoch: 0, sequenceNumber: 1), count: 1) == .new)
    }

    @Test("A higher epoch fences the lower ones off; numbers go on")
    func epochs() throws {
        var sequences = ProducerSequences()
        let old = try sequences.open(Claim(id: 1, epoch: 3)) { 0 }
        sequences.stored(Stamp(id: 1, epoch: 3, sequenceNumber: 1), count: 5)
        #expect(
            try sequences.open(Claim(id: 1, epoch: 4, sequenceNumber: 0)) { 0 }
                == Stamp(id: 1, epoch: 4, sequenceNumber: 5)
        )
        #expect(!sequences.isCurrent(old))
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.open(Claim(id: 1, epoch: 3)) { 0 } }
                == .producerEpochStolen
        )
        let late = Stamp(id: 1, epoch: 3, sequenceNumber: 6)
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.verdict(on: late, count: 1) }
                == .producerEpochStolen
        )
        // An equal epoch is the same producer over a new link.
        #expect(try sequences.open(Claim(id: 1, epoch: 4)) { 0 }.sequenceNumber == 5)
    }

    @Test("No more producers are remembered than stated: the one silent for longest goes")
    func bound() throws {
        var sequences = ProducerSequences()
        for id in 1...Int64(ProducerSequences.maximumProducers) { _ = try sequences.open(Claim(id: id)) { 0 } }
        sequences.stored(Stamp(id: 1, epoch: 0, sequenceNumber: 1), count: 1)
        _ = try sequences.open(Claim(id: -1)) { 0 }
        #expect(try sequences.verdict(on: Stamp(id: 1, epoch: 0, sequenceNumber: 2), count: 1) == .new)
        let forgotten = Stamp(id: 2, epoch: 0, sequenceNumber: 1)
        #expect(
            condition { () throws(ServiceError) in _ = try sequences.verdict(on: forgotten, count: 1) }
                == .outOfOrderSequence
        )
    }
}
