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

@Suite struct OutputBufferTests {
    /// Takes up to `limit` bytes at a time until nothing is left.
    static func drain(_ output: inout OutputBuffer, limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while output.count > 0 {
            unsafe output.withBuffers { buffers in
                var left = limit
                for buffer in unsafe buffers {
                    let part = unsafe buffer.prefix(left)
                    unsafe bytes.append(contentsOf: part)
                    unsafe left -= part.count
                }
                return limit - left
            }
        }
        return bytes
    }

    static func append(_ bytes: [UInt8], to output: inout OutputBuffer) {
        unsafe bytes.withUnsafeBytes { buffer in unsafe output.append(buffer) }
    }

    @Test func whatHasNotBeenOfferedYetIsForgottenToo() {
        var output = OutputBuffer()
        Self.append([1, 2, 3], to: &output)
        output.removeAll()
        #expect(output.count == 0)
        Self.append([4], to: &output)
        let rest = Self.drain(&output, limit: 10)
        #expect(rest == [4])
    }

    @Test(arguments: [1, 7, 1_000, 65_536, 1_000_000])
    func bytesComeOutInOrderHoweverFewAreTaken(limit: Int) {
        var output = OutputBuffer()
        var expected: [UInt8] = []
        var random = SeededGenerator(seed: UInt64(limit))
        for _ in 0..<(limit < 100 ? 4 : 60) {
            let size = Int.random(in: 0..<12_000, using: &random)
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) {
                Self.append(bytes, to: &output)
                expected += bytes
            } else {
                let lower = size / 3
                output.append(bytes, lower..<size)
                expected += bytes[lower...]
            }
        }
        #expect(output.count == expected.count)
        let isSame = Self.drain(&output, limit: limit) == expected
        #expect(isSame)
        #expect(output.count == 0)
    }

    @Test func smallPayloadsAreCopiedLargeOnesReferenced() {
        var output = OutputBuffer()
        let small = [UInt8](repeating: 1, count: OutputBuffer.copyLimit)
        let large = [UInt8](repeating: 2, count: OutputBuffer.copyLimit + 1)
        output.append(small, 0..<small.count)
        output.append(small, 0..<small.count)
        output.append(large, 0..<large.count)
        output.append(small, 0..<small.count)
        var sizes: [Int] = []
        var isSameMemory = false
        unsafe output.withBuffers { buffers in
            unsafe sizes = buffers.map(\.count)
            unsafe large.withUnsafeBytes { bytes in
                unsafe isSameMemory = buffers.count > 1 && buffers[1].baseAddress == bytes.baseAddress
            }
            return 0
        }
        #expect(sizes == [2 * small.count, large.count, small.count])
        #expect(isSameMemory)
    }

    @Test func notMoreThanTheLimitIsGatheredAtOnce() {
        var output = OutputBuffer()
        let large = [UInt8](repeating: 2, count: OutputBuffer.copyLimit + 1)
        for _ in 0..<100 { output.append(large, 0..<large.count) }
        var count = 0
        unsafe output.withBuffers { buffers in
            unsafe count = buffers.count
            return 0
        }
        #expect(count == OutputBuffer.gatherLimit)
        #expect(Self.drain(&output, limit: 10_000).count == 100 * large.count)
    }

    @Test func writingGoesOnWhileOlderBytesWait() {
        var output = OutputBuffer()
        var expected: [UInt8] = []
        var found: [UInt8] = []
        for round in 0..<1_000 {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 300)
            Self.append(bytes, to: &output)
            expected += bytes
            unsafe output.withBuffers { buffers in
                let part = unsafe buffers[0].prefix(200)
                unsafe found.append(contentsOf: part)
                return unsafe part.count
            }
        }
        found += Self.drain(&output, limit: 77_777)
        let isSame = found == expected
        #expect(isSame)
    }
}
