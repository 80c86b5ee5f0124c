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

@Suite struct DescriptorPoolTests {
    @Test func memoryIsReusedLastInFirstOut() {
        let pool = DescriptorPool(byteLimit: 1 << 20)
        let (first, second) = (pool.take(capacity: 1000), pool.take(capacity: 1000))
        #expect(unsafe first.base != second.base)
        pool.giveBack(first)
        pool.giveBack(second)
        let (third, fourth) = (pool.take(capacity: 600), pool.take(capacity: 1024))
        #expect(unsafe third.base == second.base)
        #expect(unsafe fourth.base == first.base)
        #expect(pool.retainedBytes == 0)
        for memory in [third, fourth] { memory.deallocate() }
    }

    @Test(arguments: [(0, 16), (1, 16), (16, 16), (17, 32), (32, 32), (33, 64), (4096, 4096), (4097, 4097)])
    func sizes(wanted: Int, given: Int) {
        let pool = DescriptorPool(byteLimit: 1 << 20)
        let memory = pool.take(capacity: wanted)
        #expect(memory.capacity == given)
        pool.giveBack(memory)
        #expect(pool.retainedBytes == (given > 4096 ? 0 : given * 64))
    }

    @Test func noMoreIsKeptThanTheLimit() {
        let pool = DescriptorPool(byteLimit: 3 * 16 * 64)
        let taken = (0..<5).map { _ in pool.take(capacity: 16) }
        for memory in taken { pool.giveBack(memory) }
        #expect(pool.retainedBytes == 3 * 16 * 64)
    }
}
