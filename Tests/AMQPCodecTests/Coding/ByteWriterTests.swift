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

@Suite struct ByteWriterTests {
    @Test func growsAndKeepsWhatWasWritten() {
        var writer = ByteWriter(capacity: 1)
        for number in 0..<10_000 as Range<UInt16> { writer.append(bigEndian: number) }
        let bytes = writer.bytes
        #expect(writer.count == 20_000)
        #expect(bytes[0..<4] == [0, 0, 0, 1])
        #expect(bytes[19_998...] == [0x27, 0x0F])
    }

    @Test func patchesSizes() {
        var writer = ByteWriter()
        let size = writer.reserveSize()
        writer.append(contentsOf: [1, 2, 3])
        writer.patch(0x0102_0304 as UInt32, at: size)
        #expect(writer.bytes == [1, 2, 3, 4, 1, 2, 3])
        writer.patch(9 as UInt8, at: 4)
        #expect(writer.bytes == [1, 2, 3, 4, 9, 2, 3])
    }

    @Test func canBeCutBackAndReset() {
        var writer = ByteWriter()
        writer.append(contentsOf: [1, 2, 3])
        writer.truncate(to: 1)
        #expect(writer.bytes == [1])
        writer.reset()
        #expect(writer.bytes.isEmpty)
        writer.append(contentsOf: [4, 5][...])
        #expect(writer.withUnsafeBytes { Array($0) } == [4, 5])
    }

    @Test func opensGaps() {
        var writer = ByteWriter(capacity: 64)
        writer.append(contentsOf: [UInt8](0..<64))
        writer.openGap(of: 3, at: 2)
        #expect(writer.count == 67)
        #expect(writer.bytes[5] == 2)
        #expect(writer.bytes[66] == 63)
    }
}
