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

/// How a peer has broken the WebSocket protocol.
enum WebSocketViolation: Error, Sendable, Hashable {
    case reservedBits
    case unknownOpcode(UInt8)
    case fragmentedControlFrame
    case oversizeControlFrame
    case lengthNotMinimal
    case oversizeFrame(limit: Int)
    /// A client did not mask a frame.
    case notMasked
    /// A server masked a frame.
    case masked
    case textMessage
    case continuationOfNothing
    case messageInsideMessage
    case malformedClose

    /// What the peer is told (RFC 6455, section 7.4.1).
    var closeCode: UInt16 {
        switch self {
        case .textMessage: WebSocketCloseReason.unacceptableData
        case .oversizeFrame: WebSocketCloseReason.tooBig
        case .reservedBits, .unknownOpcode, .fragmentedControlFrame, .oversizeControlFrame, .lengthNotMinimal,
            .notMasked, .masked, .continuationOfNothing, .messageInsideMessage, .malformedClose:
            WebSocketCloseReason.protocolError
        }
    }
}

extension WebSocketViolation: CustomStringConvertible {
    var description: String {
        switch self {
        case .reservedBits: "a frame has reserved bits set"
        case .unknownOpcode(let code): "a frame has the unknown opcode \(code)"
        case .fragmentedControlFrame: "a control frame is fragmented"
        case .oversizeControlFrame:
            "a control frame has more than \(WebSocketFrameHeader.maximumControlPayload) bytes"
        case .lengthNotMinimal: "the length of a frame is not written in the shortest form"
        case .oversizeFrame(let limit): "a frame has more than \(limit) bytes"
        case .notMasked: "a client's frame is not masked"
        case .masked: "a server's frame is masked"
        case .textMessage: "a text message, where only binary ones carry AMQP"
        case .continuationOfNothing: "a continuation without a message"
        case .messageInsideMessage: "a message begins inside another"
        case .malformedClose: "a close frame is malformed"
        }
    }
}

/// Why a WebSocket was closed, as the close frame says (RFC 6455, section 7.4).
struct WebSocketCloseReason: Sendable, Hashable {
    static let normal: UInt16 = 1000
    static let goingAway: UInt16 = 1001
    static let protocolError: UInt16 = 1002
    static let unacceptableData: UInt16 = 1003
    static let tooBig: UInt16 = 1009

    /// Nil when the frame gives no code.
    var code: UInt16?
    var text = ""

    init(code: UInt16?, text: String = "") {
        self.code = code
        self.text = text
    }

    /// The payload of a close frame; nil when it cannot be one: half a code, a code that may not be sent, or a text that
    /// is not UTF-8.
    init?(payload: [UInt8]) {
        guard !payload.isEmpty else {
            self.init(code: nil)
            return
        }
        guard payload.count >= 2 else { return nil }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return nil
        }
        guard let text = String(validating: payload.dropFirst(2), as: UTF8.self) else { return nil }
        self.init(code: code, text: text)
    }

    /// What a close frame carries; an answer repeats the peer's code.
    var payload: [UInt8] {
        guard let code else { return [] }
        let text = Array(text.utf8.prefix(WebSocketFrameHeader.maximumControlPayload - 2))
        return [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)] + text
    }

    /// The peer is done, or goes away: nothing has failed.
    var isOrderly: Bool { code == nil || code == Self.normal || code == Self.goingAway }
}
