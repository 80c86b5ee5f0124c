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

import AMQPCodec
import Testing

@testable import AMQPEngine

@Suite struct DeliveryAssemblerTests {
    static let head = DeliveryAssembler.Head(deliveryID: 7, tag: [1, 2], messageFormat: 0, isSettled: false)

    static func begin(_ assembler: inout DeliveryAssembler, _ payload: [UInt8]) -> DeliveryAssembler.Result {
        assembler.begin(head, payload: payload.span.bytes)
    }

    static func next(
        _ assembler: inout DeliveryAssembler,
        _ transfer: Transfer,
        _ payload: [UInt8]
    ) -> DeliveryAssembler.Result {
        assembler.continuationReceived(transfer, payload: payload.span.bytes)
    }

    static func more(_ more: Bool = true) -> Transfer { Transfer(handle: 0, more: more) }

    @Test func framesBecomeOneDelivery() throws {
        var assembler = DeliveryAssembler(maximumSize: 100)
        #expect(assembler.isIdle == true)
        #expect(Self.begin(&assembler, [0x00, 0x53, 0x75]) == .incomplete)
        #expect(assembler.isIdle == false)
        #expect(Self.next(&assembler, Self.more(), [0xa0, 2]) == .incomplete)
        #expect(Self.next(&assembler, Self.more(), []) == .incomplete)
        #expect(Self.next(&assembler, Self.more(false), [8, 9]) == .complete)
        let finished = assembler.finish(projection: .none, pool: SlabPool(slabSize: 1024))
        let (head, batch) = try #require(finished)
        #expect(head == Self.head)
        #expect(batch.count == 1)
        #expect(batch[0].copiedPayload == [0x00, 0x53, 0x75, 0xa0, 2, 8, 9])
        #expect(batch[0].copiedBody == [8, 9])
        #expect(batch[0].deliveryTag == [1, 2])
        #expect(batch[0].deliveryID == 7)
        #expect(assembler.isIdle == true)
    }

    @Test func settledOnAnyFrameCountsForAll() throws {
        var assembler = DeliveryAssembler(maximumSize: 100)
        _ = Self.begin(&assembler, [1])
        let last = Transfer(handle: 0, settled: true, more: false)
        #expect(Self.next(&assembler, last, [2]) == .complete)
        let finished = assembler.finish(projection: .none, pool: SlabPool(slabSize: 1024))
        #expect(try #require(finished).0.isSettled == true)
    }

    @Test func abortedDeliveriesVanish() {
        var assembler = DeliveryAssembler(maximumSize: 100)
        _ = Self.begin(&assembler, [1])
        let abort = Transfer(handle: 0, more: false, aborted: true)
        #expect(Self.next(&assembler, abort, []) == .aborted(deliveryID: 7))
        #expect(assembler.isIdle == true)
        let finished = assembler.finish(projection: .none, pool: SlabPool(slabSize: 1024))
        #expect(finished.map(\.0) == nil)
    }

    @Test func theLimitHolds() {
        var assembler = DeliveryAssembler(maximumSize: 4)
        #expect(assembler.admits(4) == true)
        #expect(assembler.admits(5) == false)
        #expect(Self.begin(&assembler, [1, 2, 3]) == .incomplete)
        #expect(Self.next(&assembler, Self.more(), [4, 5]) == .tooLarge(size: 5))
        // The rest of it is dropped.
        #expect(Self.next(&assembler, Self.more(), [6]) == .incomplete)
        #expect(assembler.isIdle == false)
        var other = DeliveryAssembler(maximumSize: 4)
        #expect(Self.begin(&other, [1, 2, 3, 4, 5]) == .tooLarge(size: 5))
    }

    @Test func framesOfAnotherDeliveryDoNotFit() {
        var assembler = DeliveryAssembler(maximumSize: 100)
        _ = Self.begin(&assembler, [1])
        let same = Transfer(handle: 0, deliveryID: 7, deliveryTag: [1, 2], more: true)
        #expect(Self.next(&assembler, same, [2]) == .incomplete)
        let other = Transfer(handle: 0, deliveryID: 8, more: true)
        #expect(Self.next(&assembler, other, [3]) == .mismatch)
    }

    @Test(arguments: [(0, 512, 40), (1, 512, 40), (472, 512, 40), (473, 512, 40), (100_000, 512, 40), (10, 12, 40)])
    func splittingLosesNothing(count: Int, frame: Int, header: Int) {
        var splitter = TransferSplitter(payloadCount: count)
        var position = 0
        #expect(splitter.isAtStart == true)
        while true {
            let piece = splitter.next(maximumFrameSize: frame, headerSize: header)
            #expect(piece.range.lowerBound == position)
            #expect(piece.range.count <= max(1, frame - header))
            position = piece.range.upperBound
            #expect(piece.more == (position < count))
            if !piece.more { break }
        }
        #expect(position == count)
    }
}
