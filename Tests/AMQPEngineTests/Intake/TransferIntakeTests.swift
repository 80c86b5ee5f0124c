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

import Testing

@testable import AMQPEngine

@Suite struct TransferIntakeTests {
    /// The real event of the service's wire contract, section 22: 291 bytes with runtime metrics.
    static let serviceEvent = hex(
        """
        0000012302000002005314c00d0b4343a0004341424040404041005371c19308a31d6c6173745f656e7175657565645f73657175656e63655f\
        6e756d6265728100000000000034b9a3146c6173745f656e7175657565645f6f6666736574a10731333034303234a3166c6173745f656e7175\
        657565645f74696d655f75746383000001697399e3bfa31f72756e74696d655f696e666f5f72657472696576616c5f74696d655f7574638300\
        0001697410\
        4f65005372c15606a315782d6f70742d73657175656e63652d6e756d6265728100000000000030d1a30c782d6f70742d6f6666736574a10731\
        323038303234a313782d6f70742d656e7175657565642d74696d6583000001697399e3bf00537345005375a00d2248656c6c6f20666f6f2030\
        22
        """
    )

    static func hex(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            guard let digit = character.hexDigitValue else { continue }
            if let pending = high {
                bytes.append(pending << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        return bytes
    }

    @Test func readsTheServicesEvent() throws {
        var runner = IntakeRunner()
        runner.feed(Self.serviceEvent)
        let delivery = try #require(runner.deliveries.first)
        #expect(delivery.integer(0) == 12497)
        #expect(delivery.string(1) == "1208024")
        #expect(delivery.integer(2) == 1_552_422_659_007)
        #expect(delivery.copiedBody == [UInt8]("\"Hello foo 0\"".utf8))
        #expect(delivery.bodyKind == .data)
        #expect(delivery.isSettled)
        #expect(delivery.deliveryTag.isEmpty)
    }

    @Test func knowsTheServicesLayoutAfterOneFrame() {
        var runner = IntakeRunner()
        for _ in 0..<10 { runner.feed(Self.serviceEvent) }
        #expect(runner.deliveries.count == 10)
        // Ten frames with the same delivery-id are ten runs; all but the first are recognised.
        #expect(runner.link.layoutHits == 9)
        #expect(runner.deliveries.allSatisfy { $0.integer(0) == 12497 && $0.string(1) == "1208024" })
    }

    @Test(arguments: [false, true], [nil, "vehicle-17"])
    func theCacheAgreesWithTheGeneralWay(metrics: Bool, key: String?) {
        var writer = FrameWriter()
        writer.runtimeMetrics = metrics
        writer.partitionKey = key
        var bytes: [UInt8] = []
        for number in 0..<600 {
            let message = writer.message(
                sequence: Int64(number) - 3,
                offset: String(number * 137),
                time: 1_700_000_000_000 + Int64(number),
                body: [UInt8](repeating: UInt8(number % 251), count: number % 400)
            )
            bytes += writer.transfer(deliveryID: UInt32(number), message: message)
        }
        var cached = IntakeRunner()
        var general = IntakeRunner(usesLayouts: false)
        cached.feed(bytes, readSize: 10_000)
        general.feed(bytes)
        #expect(cached.deliveries.map(DeliverySummary.init) == general.deliveries.map(DeliverySummary.init))
        #expect(cached.deliveries.map { $0.integer(0) } == (0..<600).map { Int64($0) - 3 })
        #expect(cached.deliveries.map { $0.string(1) } == (0..<600).map { String($0 * 137) })
        #expect(cached.deliveries.map { $0.copiedBody.count } == (0..<600).map { $0 % 400 })
        #expect(cached.byteCount == cached.deliveries.reduce(0) { $0 + $1.payloadLength })
        #expect(general.byteCount == cached.byteCount)
        // Delivery-ids change their width twice and offsets theirs five times: nothing else may miss.
        #expect(cached.link.layoutMisses <= 12)
    }

    @Test func slotsEndADescriptorOneBehindTheOther() {
        let offsets = [\DeliveryDescriptor.slot0, \.slot1, \.slot2, \.slot3].map {
            MemoryLayout<DeliveryDescriptor>.offset(of: $0)
        }
        #expect(offsets == (0..<4).map { DeliveryDescriptor.slotsOffset + 8 * $0 })
    }

    /// Small frames behind a large one: there are more than the room that was made for frames of the first one's size.
    @Test func aRunOfFramesThatShrinkIsTakenWhole() {
        let writer = FrameWriter()
        let bytes = (0..<200).flatMap { number in
            writer.transfer(
                deliveryID: UInt32(number) + 300,
                message: writer.message(
                    sequence: Int64(number),
                    offset: "7",
                    time: 1,
                    body: [UInt8](repeating: 1, count: number < 2 ? 30_000 : number)
                )
            )
        }
        var runner = IntakeRunner()
        runner.feed(bytes)
        #expect(runner.deliveries.map { $0.integer(0) } == (0..<200).map(Int64.init))
        #expect(runner.deliveries.map(\.copiedBody.count) == (0..<200).map { $0 < 2 ? 30_000 : $0 })
        #expect(runner.link.layoutMisses == 1)
    }

    @Test func framesSplitAtEveryByteComeOutWhole() {
        let writer = FrameWriter()
        let bytes = (0..<4).flatMap { number in
            writer.transfer(
                deliveryID: UInt32(number),
                message: writer.message(sequence: Int64(number), offset: "7", time: 1, body: [UInt8(number)])
            )
        }
        for readSize in 1..<(bytes.count + 1) {
            var runner = IntakeRunner(slabSize: 1024)
            runner.feed(bytes, readSize: readSize)
            #expect(runner.deliveries.map { $0.integer(0) } == [0, 1, 2, 3])
            #expect(runner.deliveries.map(\.copiedBody) == [[0], [1], [2], [3]])
        }
    }

    @Test func framesLargerThanASlabGetOneOfTheirOwn() {
        let writer = FrameWriter()
        let body = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = (0..<3).flatMap { number in
            writer.transfer(
                deliveryID: UInt32(number),
                message: writer.message(sequence: Int64(number), offset: "7", time: 1, body: body)
            )
        }
        var runner = IntakeRunner(slabSize: 1024)
        runner.feed(bytes, readSize: 700)
        #expect(runner.deliveries.map(\.copiedBody) == [body, body, body])
    }

    @Test(arguments: [0, 1, 7, 1_048_577, UInt32.max] as [UInt32])
    func sizesOutsideTheLimitsAreReported(size: UInt32) {
        var runner = IntakeRunner()
        runner.feed(FrameWriter.bigEndian(size) + [0x02, 0x00, 0x00, 0x00])
        #expect(runner.invalidSize == size)
        #expect(runner.deliveries.isEmpty)
    }

    @Test func runsEndAtTheLimitAndAtAGapInTheDeliveryIDs() {
        let writer = FrameWriter()
        let message = writer.message(sequence: 1, offset: "7", time: 1, body: [1])
        var runner = IntakeRunner()
        runner.feed(writer.transfer(deliveryID: 9, message: message))
        let ids: [UInt32] = [10, 11, 12, 20, 21]
        let bytes = ids.flatMap { writer.transfer(deliveryID: $0, message: message) }
        unsafe runner.intake.receiveSpace().copyBytes(from: bytes)
        runner.intake.received(bytes.count)
        #expect(
            runner.intake.takeTransfers(for: runner.link, limit: 2)
                == TransferRun(count: 2, firstDeliveryID: 10, isSettled: true)
        )
        #expect(
            runner.intake.takeTransfers(for: runner.link, limit: 100)
                == TransferRun(count: 1, firstDeliveryID: 12, isSettled: true)
        )
        #expect(
            runner.intake.takeTransfers(for: runner.link, limit: 100)
                == TransferRun(count: 2, firstDeliveryID: 20, isSettled: true)
        )
        #expect(runner.intake.takeTransfers(for: runner.link, limit: 100).count == 0)
    }

    /// Frames damaged at random: whatever the cache takes, the general way reads the same.
    @Test func theCacheNeverDisagreesOnDamagedFrames() {
        var random = SeededGenerator(seed: 0x5eed)
        for round in 0..<4000 {
            var writer = FrameWriter()
            writer.runtimeMetrics = round % 3 == 0
            writer.leadingEpoch = round % 5 == 0
            writer.partitionKey = round % 2 == 0 ? "k\(round % 7)" : nil
            let message = writer.message(
                sequence: Int64(round),
                offset: "1208024",
                time: 42,
                body: [UInt8](repeating: 7, count: round % 300)
            )
            let good = writer.transfer(deliveryID: 100, message: message)
            var damaged = writer.transfer(deliveryID: 101, message: message)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let position = Int.random(in: 8..<damaged.count, using: &random)
                damaged[position] = UInt8.random(in: 0...255, using: &random)
            }
            var cached = IntakeRunner()
            cached.feed(good)
            cached.feed(damaged)
            var general = IntakeRunner(usesLayouts: false)
            general.feed(good)
            general.feed(damaged)
            guard cached.link.layoutHits > 0 else { continue }
            #expect(
                cached.deliveries.map(DeliverySummary.init) == general.deliveries.map(DeliverySummary.init),
                "round \(round)"
            )
        }
    }

    @Test func aDetachedDeliveryKeepsItsBytes() throws {
        let writer = FrameWriter()
        var copies: [Delivery] = []
        do {
            var runner = IntakeRunner(slabSize: 1024)
            for number in 0..<20 {
                runner.feed(
                    writer.transfer(
                        deliveryID: UInt32(number),
                        message: writer.message(
                            sequence: Int64(number),
                            offset: "off\(number)",
                            time: 5,
                            body: [UInt8(number), 1]
                        )
                    )
                )
            }
            copies = runner.deliveries.map { $0.detached() }
        }
        #expect(copies.map { $0.string(1) } == (0..<20).map { "off\($0)" })
        #expect(copies.map(\.copiedBody) == (0..<20).map { [UInt8($0), 1] })
        #expect(copies.allSatisfy { $0.integer(2) == 5 })
    }

    @Test func severalDataSectionsAndOtherBodiesAreTold() {
        let transfer = FrameWriter()
        let late: [UInt8] = [0x00, 0x53, 0x71, 0xc1, 0x01, 0x00]
        let footer: [UInt8] = [0x00, 0x53, 0x78, 0xc1, 0x01, 0x00]
        let bodies: [([UInt8], DeliveryDescriptor.BodyKind)] = [
            (FrameWriter.data([1]) + FrameWriter.data([2, 3]), .multipleData),
            ([0x00, 0x53, 0x77, 0x54, 0x07], .value),
            ([0x00, 0x53, 0x76, 0x45], .sequence),
            ([], .none),
            ([0x00, 0x53, 0x75, 0xa0], .malformed),
            ([0x00, 0x53, 0x75, 0xb0, 0xff, 0xff, 0xff, 0xff], .malformed),
            (FrameWriter.data([1]) + [0x00, 0x53, 0x77, 0x54, 0x07], .malformed),
            (FrameWriter.data([1]) + [0x00, 0x53, 0x73, 0x45], .malformed),
            // Delivery annotations may come last, once, where there is a body.
            (FrameWriter.data([1]) + late, .data),
            (FrameWriter.data([1]) + footer + late, .data),
            (FrameWriter.data([1]) + FrameWriter.data([2]) + late, .multipleData),
            (FrameWriter.data([1]) + late + late, .malformed),
            (FrameWriter.data([1]) + late + footer, .malformed),
            (FrameWriter.data([1]) + late + FrameWriter.data([2]), .malformed),
            ([0x00, 0x53, 0x74, 0xc1, 0x01, 0x00] + late, .malformed),
            ([0x00, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x75, 0xa0, 0x01, 0x09], .data),
            ([0x00, 0xa3, 16] + [UInt8]("amqp:data:binary".utf8) + [0xa0, 0x01, 0x09], .data),
        ]
        for (body, kind) in bodies {
            var runner = IntakeRunner(projection: .none)
            runner.feed(transfer.transfer(deliveryID: 1, message: body))
            runner.feed(transfer.transfer(deliveryID: 2, message: body))
            #expect(runner.deliveries.map(\.bodyKind) == [kind, kind])
        }
    }
}

/// A small deterministic generator (SplitMix64), so that a failing round can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
