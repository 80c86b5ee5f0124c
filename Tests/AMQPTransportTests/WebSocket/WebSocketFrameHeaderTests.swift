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

@testable import AMQPTransport

/// The examples of RFC 6455, section 5.7, and what is around them.
@Suite struct WebSocketFrameHeaderTests {
    @Test(arguments: [
        ("81 05", WebSocketFrameHeader(opcode: .text, payloadLength: 5)),
        ("81 85 37fa213d", WebSocketFrameHeader(opcode: .text, mask: .init(hex("37fa213d")), payloadLength: 5)),
        ("01 03", WebSocketFrameHeader(isFinal: false, opcode: .text, payloadLength: 3)),
        ("80 02", WebSocketFrameHeader(opcode: .continuation, payloadLength: 2)),
        ("89 05", WebSocketFrameHeader(opcode: .ping, payloadLength: 5)),
        ("8a 85 37fa213d", WebSocketFrameHeader(opcode: .pong, mask: .init(hex("37fa213d")), payloadLength: 5)),
        ("82 7E 0100", WebSocketFrameHeader(opcode: .binary, payloadLength: 256)),
        ("82 7F 0000000000010000", WebSocketFrameHeader(opcode: .binary, payloadLength: 65_536)),
    ])
    func theExamplesOfTheSpecification(bytes: String, header: WebSocketFrameHeader) throws {
        let bytes = hex(bytes)
        #expect(WebSocketFrameHeader.size(of: bytes) == bytes.count)
        #expect(try WebSocketFrameHeader(bytes, maximumPayload: 1 << 20) == header)
        var encoded: [UInt8] = []
        header.encode(into: &encoded)
        #expect(encoded == bytes)
    }

    @Test(arguments: [
        ("c2 00", WebSocketViolation.reservedBits), ("a2 00", .reservedBits), ("92 00", .reservedBits),
        ("83 00", .unknownOpcode(3)), ("87 00", .unknownOpcode(7)), ("8b 00", .unknownOpcode(11)),
        ("8f 00", .unknownOpcode(15)), ("09 00", .fragmentedControlFrame), ("08 00", .fragmentedControlFrame),
        ("89 7e 0080", .oversizeControlFrame), ("88 7f 0000000000010000", .oversizeControlFrame),
        ("82 7e 007d", .lengthNotMinimal), ("82 7f 000000000000ffff", .lengthNotMinimal),
        ("82 7f 0000000000100001", .oversizeFrame(limit: 1 << 20)),
        ("82 7f 8000000000000000", .oversizeFrame(limit: 1 << 20)),
        ("82 7f ffffffffffffffff", .oversizeFrame(limit: 1 << 20)),
    ])
    func whatNobodyMaySend(bytes: String, violation: WebSocketViolation) {
        #expect(throws: violation) { try WebSocketFrameHeader(hex(bytes), maximumPayload: 1 << 20) }
    }

    @Test func theMaskOfTheSpecification() {
        // "Hello" with the key of section 5.7, in one piece and in every two.
        for split in 0...5 {
            var mask = WebSocketMask(hex("37fa213d"))
            var text = hex("7f9f4d5158")
            text.withUnsafeMutableBytes { buffer in
                mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: buffer[..<split]))
                mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: buffer[split...]))
            }
            #expect(text == Array("Hello".utf8))
        }
    }

    @Test func aMaskCoversLongPayloadsInAnyPieces() {
        let key = hex("01020384")
        let plain = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let expected = plain.indices.map { plain[$0] ^ key[$0 % 4] }
        for step in [1, 2, 3, 5, 8, 13, 64, 999, 1_000] {
            var mask = WebSocketMask(key)
            var bytes = plain
            bytes.withUnsafeMutableBytes { buffer in
                for start in stride(from: 0, to: buffer.count, by: step) {
                    let piece = buffer[start..<min(start + step, buffer.count)]
                    mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: piece))
                }
            }
            #expect(bytes == expected)
        }
    }

    @Test(arguments: [
        ("", WebSocketCloseReason(code: nil)), ("03e8", WebSocketCloseReason(code: 1000)),
        ("03ea 6e6f", WebSocketCloseReason(code: 1002, text: "no")),
    ])
    func closeReasons(payload: String, reason: WebSocketCloseReason) {
        #expect(WebSocketCloseReason(payload: hex(payload)) == reason)
        #expect(reason.payload == hex(payload))
    }

    @Test(arguments: ["03", "0000", "03e7", "03ed", "03ee", "03f7", "07cf", "0bb7", "1388", "03e8 ff"])
    func whatIsNoCloseReason(payload: String) {
        #expect(WebSocketCloseReason(payload: hex(payload)) == nil)
    }

    @Test func aLongCloseTextIsCut() {
        let reason = WebSocketCloseReason(code: 1002, text: String(repeating: "x", count: 500))
        #expect(reason.payload.count == WebSocketFrameHeader.maximumControlPayload)
    }
}
