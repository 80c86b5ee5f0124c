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

/// Frames that are none.
@Suite struct FrameDecoderTests {
    private func failure(_ bytes: String, maxFrameSize: Int = 65_536) -> DecodingError? {
        decodingError { () throws(DecodingError) in _ = try decodeStream([hex(bytes)], maxFrameSize: maxFrameSize) }
    }

    @Test(arguments: [
        ("00000007 02000000", DecodingError.Code.malformedFrame, 0),  // smaller than its header
        ("00000000 02000000", .malformedFrame, 0),
        ("00000008 01000000", .malformedFrame, 0),  // data offset inside the header
        ("00000008 00000000", .malformedFrame, 0),
        ("0000000b 03000000 000000", .malformedFrame, 0),  // data offset past the end
        ("00000008 ff000000", .malformedFrame, 0),
        ("00000008 02020000", .malformedFrame, 0),  // no such type
        ("00010001 02000000", .frameTooLarge, 0),
        ("ffffffff 02000000", .frameTooLarge, 0),
        ("00000008 02000000 00010001 02000000", .frameTooLarge, 8),
        ("00000008 02010000", .truncated, 8),  // a SASL frame without a body
        ("00000009 02000000 40", .wrongType, 8),  // a body without a descriptor
        ("0000000c 02000000 00534045", .unknownDescriptor, 8),  // a SASL body in an AMQP frame
        ("0000000c 02010000 00531045", .unknownDescriptor, 8),  // a performative in a SASL frame
        ("0000000c 02000000 0053ff45", .unknownDescriptor, 8),
        ("0000000d 02000000 00531745 00", .malformedFrame, 12),  // bytes after a performative without payload
        ("00000010 02010000 005343c0 0302a000", .truncated, 16),
        ("414d5158 00010000", .invalidProtocolHeader, 0),
        ("414d5030 00010000", .invalidProtocolHeader, 0),
    ])
    func malformed(_ bytes: String, _ code: DecodingError.Code, _ offset: Int) {
        let error = self.failure(bytes)
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test func theLimitIsInclusive() {
        let frame = "0000000c 02000001 00531745"
        #expect(self.failure(frame, maxFrameSize: 12) == nil)
        #expect(self.failure(frame, maxFrameSize: 11)?.code == .frameTooLarge)
    }

    @Test func aFrameThatNeverComesHoldsNothing() throws {
        var decoder = FrameDecoder(maxFrameSize: .max)
        decoder.append(hex("fffffff0 02000000 00"))
        #expect(try decoder.next() == nil)
        #expect(decoder.pendingCount == 9)
    }

    @Test func offsetsCountFromTheStreamsStart() {
        // A header, an empty frame, and an attach without its name.
        let error = self.failure("414d5150 00010000 00000008 02000000 0000000f 02000000 005312c0 020140")
        #expect(error?.code == .missingField)
        #expect(error?.path == "attach.name")
        #expect(error?.offset == 31)
    }

    @Test func pathsNameTheField() {
        // attach { "n", 0, true, null, null, source { address = 1 ubyte } }
        let error = self.failure("0000001d 02000000 005312c0 10 06 a1016e 43 41 40 40 005328c0 03 01 5001")
        #expect(error?.code == .wrongType)
        #expect(error?.path == "attach.source.address")
        #expect(error?.offset == 27)
    }

    @Test func unknownFieldsAtTheEndAreRead() throws {
        // end with its error and one more field.
        let items = try decodeStream([hex("00000010 02000001 005317c0 03 02 40 41")])
        #expect(items.count == 1)
    }

    @Test func rawFramesKeepTheirBytes() throws {
        var decoder = FrameDecoder()
        decoder.append(hex("0000000c 02000001 00531745"))
        guard case .frame(let raw) = try decoder.nextRaw() else {
            Issue.record("no frame")
            return
        }
        #expect(raw.bytes == hex("0000000c 02000001 00531745"))
        #expect(raw.header.channel == 1)
        #expect(decoder.streamOffset == 12)
    }
}
