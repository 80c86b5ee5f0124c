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

import Synchronization
import Testing

@testable import AMQPEngine

@Suite struct SlabPoolTests {
    @Test func slabsAreReusedLastInFirstOut() {
        let pool = SlabPool(slabSize: 4096)
        var first: SlabLease? = pool.takeSlab()
        let address = unsafe first?.base
        #expect(pool.leasedBytes == 4096)
        first = nil
        #expect(pool.leasedBytes == 0)
        let second = pool.takeSlab()
        #expect(unsafe second.base == address)
    }

    @Test func largerSlabsAreMadeToMeasure() {
        let pool = SlabPool(slabSize: 4096)
        let lease = pool.takeSlab(minimumSize: 10_000)
        #expect(lease.capacity == 10_000)
        #expect(pool.leasedBytes == 10_000)
    }

    @Test func anExhaustedPoolTellsWhenMemoryComesBack() {
        let pool = SlabPool(slabSize: 4096, byteLimit: 8192)
        var leases = [pool.takeSlab(), pool.takeSlab()]
        #expect(pool.isExhausted)
        let resumed = Mutex(0)
        pool.whenAvailable { resumed.withLock { $0 += 1 } }
        #expect(resumed.withLock { $0 } == 0)
        leases.removeLast()
        #expect(resumed.withLock { $0 } == 1)
        pool.whenAvailable { resumed.withLock { $0 += 1 } }
        #expect(resumed.withLock { $0 } == 2)
        #expect(!pool.isExhausted)
        _ = leases
    }

    @Test func batchesHoldTheirSlabAndGiveItBack() {
        let writer = FrameWriter()
        let pool = SlabPool(slabSize: 4096)
        var batch: DeliveryBatch?
        do {
            var intake = FrameIntake(pool: pool, maximumFrameSize: 4096)
            let link = TransferIntake(projection: IntakeRunner.projection)
            let frame = writer.transfer(
                deliveryID: 1,
                message: writer.message(sequence: 1, offset: "7", time: 1, body: [1])
            )
            unsafe intake.receiveSpace().copyBytes(from: frame)
            intake.received(frame.count)
            guard case .frame(let range) = intake.next(), let lease = intake.currentLease else {
                Issue.record("a whole frame was expected")
                return
            }
            link.append(
                range,
                in: intake,
                payloadOffset: 25,
                deliveryID: 1,
                messageFormat: 0,
                settled: true,
                deliveryTag: 0..<0
            )
            batch = link.takeBatch(lease: lease)
        }
        #expect(pool.leasedBytes == 4096)
        #expect(batch?.count == 1)
        batch = nil
        #expect(pool.leasedBytes == 0)
    }

    @Test func assembledDeliveriesCountInThePool() {
        let pool = SlabPool(slabSize: 4096)
        var assembly = DeliveryAssembly(capacity: 0)
        let message = FrameWriter.data([UInt8](repeating: 9, count: 5000))
        for start in stride(from: 0, to: message.count, by: 512) {
            assembly.append(message[start..<min(start + 512, message.count)].span.bytes)
        }
        var batch: DeliveryBatch? = assembly.finish(
            deliveryID: 3,
            deliveryTag: [1, 2],
            messageFormat: 0,
            settled: false,
            projection: .none,
            pool: pool
        )
        #expect(batch?.first?.copiedBody == [UInt8](repeating: 9, count: 5000))
        #expect(batch?.first?.deliveryTag == [1, 2])
        #expect(batch?.first?.copiedPayload == message)
        #expect(pool.leasedBytes >= message.count)
        batch = nil
        #expect(pool.leasedBytes == 0)
    }
}
