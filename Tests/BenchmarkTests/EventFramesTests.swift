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

@testable import eventhubs_bench

/// What is replayed has to be what the service sends, or nothing that is measured against it means anything.
@Suite struct EventFramesTests {
    @Test(arguments: [UInt8(0), 3])
    func aFrameIsATransferOfAnEvent(handle: UInt8) throws {
        var frames = EventFrames(bodySize: 300, channel: 0, handle: handle, count: 4)
        frames.address(4, channel: 513, handle: handle)
        frames.number(4, deliveryID: 70_000, sequence: 1 << 40)
        try frames.withBytes(of: 4) { bytes in
            #expect(bytes.count == 4 * frames.frameSize)
            for index in 0..<4 {
                let frame = [UInt8](bytes[(index * frames.frameSize)..<((index + 1) * frames.frameSize)])
                var reader = ByteReader(frame.span.bytes)
                let header = try FrameHeader(decoding: &reader)
                #expect(Int(header.size) == frames.frameSize)
                #expect(header.channel == 513)
                guard case .transfer(let transfer) = try Performative(decoding: &reader) else {
                    Issue.record("not a transfer")
                    return
                }
                #expect(transfer.handle == UInt32(handle))
                #expect(transfer.deliveryID == 70_000 + UInt32(index))
                #expect(transfer.settled == true)
                #expect(reader.offset == frames.payloadOffset)
                let message = try Message(decoding: [UInt8](frame[frames.payloadOffset...]))
                let annotations = try #require(message.messageAnnotations)
                #expect(annotations[symbol: "x-opt-sequence-number"] == .long(1 << 40 + Int64(index)))
                guard case .data(let sections) = message.body else {
                    Issue.record("not a data body")
                    return
                }
                #expect(sections.first.map { [UInt8]($0) } == (0..<300).map { UInt8(truncatingIfNeeded: $0) })
            }
        }
    }
}
