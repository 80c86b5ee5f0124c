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

internal import AMQPCodec

/// From performatives to output bytes.
extension Engine {
    mutating func write(_ header: ProtocolHeader) {
        writer.reset()
        header.encode(into: &writer)
        appendWritten()
        configuration.frameTrace?(
            TracedFrame(direction: .outgoing, channel: 0, content: .header(header), payloadSize: 0)
        )
    }

    mutating func write(_ body: SASLFrameBody) {
        writer.reset()
        FrameEncoder.write(body, into: &writer)
        appendWritten()
        trace(body, .outgoing)
    }

    mutating func writeEmptyFrame() {
        writer.reset()
        FrameEncoder.writeEmpty(into: &writer)
        appendWritten()
        configuration.frameTrace?(TracedFrame(direction: .outgoing, channel: 0, content: .empty, payloadSize: 0))
    }

    /// Writes a performative that fits the peer's frames by its nature (a few numbers, or a shortened error).
    mutating func write(_ performative: Performative, on channel: UInt16) {
        encode(performative, on: channel)
        if writer.count > remoteMaxFrameSize, let shorter = performative.shortened {
            encode(shorter, on: channel)
        }
        appendWritten()
        configuration.frameTrace?(
            TracedFrame(direction: .outgoing, channel: channel, content: .performative(performative), payloadSize: 0)
        )
    }

    /// Whether a performative made of what the caller gave fits the peer's frames.
    mutating func fits(_ performative: Performative) -> Bool {
        encode(performative, on: 0)
        return writer.count <= remoteMaxFrameSize
    }

    private mutating func encode(_ performative: Performative, on channel: UInt16) {
        writer.reset()
        FrameEncoder.write(performative, channel: channel, into: &writer)
    }

    private mutating func appendWritten() {
        unsafe writer.withUnsafeBytes { bytes in unsafe output.append(bytes) }
    }

    func trace(_ body: SASLFrameBody, _ direction: TracedFrame.Direction) {
        configuration.frameTrace?(
            TracedFrame(direction: direction, channel: 0, content: .sasl(body.redacted), payloadSize: 0)
        )
    }
}

extension SASLFrameBody {
    /// The same without anything secret.
    var redacted: SASLFrameBody {
        let placeholder = [UInt8]("<redacted>".utf8)
        switch self {
        case .saslInit(var body):
            if let response = body.initialResponse, !response.isEmpty { body.initialResponse = placeholder }
            return .saslInit(body)
        case .challenge: return .challenge(SASLChallenge(challenge: placeholder))
        case .response: return .response(SASLResponse(response: placeholder))
        case .mechanisms, .outcome: return self
        }
    }
}

extension Performative {
    /// The same with a shorter error text and no error info, or nil where there is nothing to shorten.
    var shortened: Performative? {
        switch self {
        case .close(let body):
            return body.error.map { .close(Close(error: $0.shortened)) }
        case .end(let body):
            return body.error.map { .end(End(error: $0.shortened)) }
        case .detach(let body):
            return body.error.map { .detach(Detach(handle: body.handle, closed: body.closed, error: $0.shortened)) }
        case .disposition(var body):
            guard case .rejected(let error?) = body.state else { return nil }
            body.state = .rejected(error.shortened)
            return .disposition(body)
        case .open, .begin, .attach, .flow, .transfer:
            return nil
        }
    }
}

extension AMQPErrorInfo {
    /// At most 200 bytes of text and no info, so that it fits a frame of 512 bytes.
    fileprivate var shortened: AMQPErrorInfo {
        func prefix(_ text: String) -> String { String(decoding: text.utf8.prefix(200), as: UTF8.self) }
        return AMQPErrorInfo(
            condition: ErrorCondition(rawValue: String(condition.rawValue.prefix(100))),
            description: description.map(prefix)
        )
    }
}
