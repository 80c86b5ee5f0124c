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

/// What a WebSocket frame is (RFC 6455, section 11.8).
enum WebSocketOpcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue >= 0x8 }
}

/// The bytes before the payload of a WebSocket frame (RFC 6455, section 5.2): 2 to 14.
///
///      0                   1                   2                   3
///     |F|R|R|R| opcode|M| length(7)  |  16 or 64 bits of length, if 126 or 127 …
///     … masking key (32), if M |
struct WebSocketFrameHeader: Sendable, Equatable {
    /// The longest payload of a control frame.
    static let maximumControlPayload = 125

    var isFinal = true
    var opcode: WebSocketOpcode
    var mask: WebSocketMask?
    var payloadLength: Int

    init(isFinal: Bool = true, opcode: WebSocketOpcode, mask: WebSocketMask? = nil, payloadLength: Int) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.mask = mask
        self.payloadLength = payloadLength
    }

    /// Appends the header's bytes.
    func encode(into bytes: inout [UInt8]) {
        bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let masked: UInt8 = mask == nil ? 0 : 0x80
        switch payloadLength {
        case ...125:
            bytes.append(masked | UInt8(truncatingIfNeeded: payloadLength))
        case ...0xFFFF:
            bytes.append(masked | 126)
            bytes.append(UInt8(truncatingIfNeeded: payloadLength >> 8))
            bytes.append(UInt8(truncatingIfNeeded: payloadLength))
        default:
            bytes.append(masked | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: payloadLength >> shift))
            }
        }
        if let mask { bytes += mask.bytes }
    }

    /// How long the header is that begins with these bytes; 2 while there are fewer.
    static func size(of start: [UInt8]) -> Int {
        guard start.count >= 2 else { return 2 }
        let lengthBytes =
            switch start[1] & 0x7F {
            case 126: 2
            case 127: 8
            default: 0
            }
        return 2 + lengthBytes + (start[1] & 0x80 == 0 ? 0 : 4)
    }

    /// Reads a header of which all bytes are there.
    ///
    /// - Throws: `WebSocketViolation` when no endpoint may send it.
    init(_ bytes: [UInt8], maximumPayload: Int) throws(WebSocketViolation) {
        guard bytes[0] & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = WebSocketOpcode(rawValue: bytes[0] & 0x0F) else {
            throw .unknownOpcode(bytes[0] & 0x0F)
        }
        self.opcode = opcode
        isFinal = bytes[0] & 0x80 != 0
        let isMasked = bytes[1] & 0x80 != 0
        let extended = bytes[2..<(bytes.count - (isMasked ? 4 : 0))]
        let length = extended.isEmpty ? UInt64(bytes[1] & 0x7F) : extended.reduce(0) { $0 << 8 | UInt64($1) }
        if opcode.isControl {
            guard isFinal else { throw .fragmentedControlFrame }
            guard extended.isEmpty else { throw .oversizeControlFrame }
        }
        switch extended.count {
        case 2 where length <= 125, 8 where length <= 0xFFFF: throw .lengthNotMinimal
        default: break
        }
        guard length <= UInt64(maximumPayload) else { throw .oversizeFrame(limit: maximumPayload) }
        payloadLength = Int(length)
        mask = isMasked ? WebSocketMask(bytes.suffix(4)) : nil
    }
}
