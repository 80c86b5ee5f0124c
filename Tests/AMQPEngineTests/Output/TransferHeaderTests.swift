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

@Suite struct TransferHeaderTests {
    static func bytes(_ header: TransferHeader, payloadCount: Int = 0) -> [UInt8] {
        unsafe withUnsafeTemporaryAllocation(byteCount: TransferHeader.maximumSize, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return [] }
            let size = unsafe header.write(to: base, payloadCount: payloadCount)
            return unsafe [UInt8](buffer.prefix(size))
        }
    }

    @Test func theFirstFrameIsAsTheSpecificationLaysItOut() {
        let header = TransferHeader(
            channel: 1,
            handle: 0,
            first: .init(deliveryID: 300, tag: nil, counter: 7, messageFormat: 0x8001_3700),
            isSettled: false,
            more: true
        )
        let expected: [UInt8] =
            [0, 0, 0, 45, 2, 0, 0, 1, 0x00, 0x53, 0x14, 0xc0, 25, 11]
            + [0x43, 0x70, 0, 0, 1, 0x2c, 0xa0, 4, 0, 0, 0, 7, 0x70, 0x80, 0x01, 0x37, 0x00]
            + [0x42, 0x41, 0x40, 0x40, 0x40, 0x42, 0x40]
        #expect(Self.bytes(header, payloadCount: 7).count == header.size)
        #expect(Self.bytes(header, payloadCount: 45 - header.size) == expected)
    }

    @Test(arguments: [0, 1, 255, 256, .max] as [UInt32], [nil, [1], [UInt8](repeating: 9, count: 32)] as [[UInt8]?])
    func theCodecReadsIt(number: UInt32, tag: [UInt8]?) throws {
        let header = TransferHeader(
            channel: 65_535,
            handle: number,
            first: .init(deliveryID: number, tag: tag, counter: number, messageFormat: number),
            isSettled: true,
            more: false,
            isAborted: number == 1
        )
        let frame = Self.bytes(header)
        #expect(frame.count == header.size)
        #expect(frame.count <= TransferHeader.maximumSize)
        let decoded = try Frame(decoding: frame.span.bytes)
        let counter = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        let transfer = Transfer(
            handle: number,
            deliveryID: number,
            deliveryTag: tag ?? counter,
            messageFormat: number,
            settled: true,
            more: false,
            aborted: number == 1
        )
        #expect(decoded.channel == 65_535)
        #expect(decoded.body == .amqp(.transfer(transfer), payload: frame.count..<frame.count))
    }

    @Test func continuationsCarryNeitherIDNorTag() throws {
        let header = TransferHeader(channel: 0, handle: 700, first: nil, isSettled: false, more: true)
        let frame = Self.bytes(header)
        #expect(frame.count == header.size)
        let decoded = try Frame(decoding: frame.span.bytes)
        let transfer = Transfer(handle: 700, settled: false, more: true)
        #expect(decoded.body == .amqp(.transfer(transfer), payload: frame.count..<frame.count))
    }
}
