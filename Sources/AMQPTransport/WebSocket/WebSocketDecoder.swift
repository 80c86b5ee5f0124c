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

/// Takes the frames off a stream of WebSocket bytes: what is left is the stream that they carry (RFC 6455, section 5).
///
///     header ──data──> payload ──all──> header        a header may come in any pieces, and so may a payload
///     header ──ping, pong, close──> control ──all──> header, or ended after a close
///     header ──what may not be──> ended
///
/// Bytes are decoded where they lie: a payload moves down over the headers before it, and a masked one is unmasked on the
/// way. Nothing is kept but an unfinished header and the payload of a control frame, 125 bytes at most.
struct WebSocketDecoder: ~Copyable {
    /// Whose frames these are.
    enum Sender: Sendable {
        /// Each frame has to be masked.
        case client
        /// No frame may be masked.
        case server
    }

    /// What some bytes held.
    struct Input: Sendable, Equatable {
        /// So many bytes of payload now stand at the front of the buffer.
        var payload = 0
        /// The last ping's payload: the others need no answer (section 5.5.3).
        var ping: [UInt8]?
        var end: End?
    }

    enum End: Sendable, Hashable {
        case closed(WebSocketCloseReason)
        case violation(WebSocketViolation)
    }

    /// What may come after a frame.
    private enum Message {
        /// A message.
        case none
        /// More of the one that has begun.
        case unfinished
    }

    private struct Payload {
        var left: Int
        var mask: WebSocketMask?
        var next: Message
    }

    private struct Control {
        var opcode: WebSocketOpcode
        var left: Int
        var mask: WebSocketMask?
        var payload: [UInt8] = []
        var next: Message
    }

    private enum State: ~Copyable {
        case header([UInt8], Message)
        case payload(Payload)
        case control(Control)
        case ended
    }

    /// What a frame has to keep to.
    private struct Rules {
        let sender: Sender
        let maximumPayload: Int
    }

    private let rules: Rules
    private var state: State

    /// No frame may carry more than `maximumPayload`.
    init(framesOf sender: Sender, maximumPayload: Int) {
        self.init(.header([], .none), Rules(sender: sender, maximumPayload: maximumPayload))
    }

    private init(_ state: consuming State, _ rules: Rules) {
        self.state = state
        self.rules = rules
    }

    /// Decodes `bytes`, the next of the stream, in place. After an end nothing is decoded any more.
    mutating func decode(_ bytes: UnsafeMutableRawBufferPointer) -> Input {
        let rules = self.rules
        var input = Input()
        var position = 0
        while position < bytes.count, input.end == nil {
            switch consume state {
            case .header(var start, let message):
                while start.count < WebSocketFrameHeader.size(of: start), position < bytes.count {
                    // position < bytes.count, see above.
                    start.append(unsafe bytes[position])
                    position += 1
                }
                self = Self(Self.headerContinued(start, message, rules, &input), rules)
            case .payload(let payload):
                self = unsafe Self(Self.payloadContinued(payload, bytes, &position, &input), rules)
            case .control(let control):
                self = unsafe Self(Self.controlContinued(control, bytes, &position, &input), rules)
            case .ended:
                position = bytes.count
                self = Self(.ended, rules)
            }
        }
        return input
    }

    private static func headerContinued(
        _ start: [UInt8],
        _ message: Message,
        _ rules: Rules,
        _ input: inout Input
    ) -> State {
        guard start.count == WebSocketFrameHeader.size(of: start) else { return .header(start, message) }
        do throws(WebSocketViolation) {
            let header = try WebSocketFrameHeader(start, maximumPayload: rules.maximumPayload)
            switch (rules.sender, header.mask) {
            case (.client, nil): throw .notMasked
            case (.server, .some): throw .masked
            case (.client, .some), (.server, nil): break
            }
            return try begun(header, message, &input)
        } catch {
            input.end = .violation(error)
            return .ended
        }
    }

    private static func begun(
        _ header: WebSocketFrameHeader,
        _ message: Message,
        _ input: inout Input
    ) throws(WebSocketViolation) -> State {
        switch (header.opcode, message) {
        case (.text, _): throw .textMessage
        case (.continuation, .none): throw .continuationOfNothing
        case (.binary, .unfinished): throw .messageInsideMessage
        case (.binary, .none), (.continuation, .unfinished):
            let next: Message = header.isFinal ? .none : .unfinished
            guard header.payloadLength > 0 else { return .header([], next) }
            return .payload(Payload(left: header.payloadLength, mask: header.mask, next: next))
        case (.close, _), (.ping, _), (.pong, _):
            let control = Control(
                opcode: header.opcode,
                left: header.payloadLength,
                mask: header.mask,
                next: message
            )
            return control.left > 0 ? .control(control) : ended(control, &input)
        }
    }

    private static func payloadContinued(
        _ payload: Payload,
        _ bytes: UnsafeMutableRawBufferPointer,
        _ position: inout Int,
        _ input: inout Input
    ) -> State {
        var payload = payload
        let count = min(payload.left, bytes.count - position)
        // input.payload <= position and position + count <= bytes.count: both ranges are inside the buffer.
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[input.payload..<(input.payload + count)])
        if input.payload < position { unsafe target.copyMemory(from: source) }
        unsafe payload.mask?.apply(to: target)
        position += count
        input.payload += count
        payload.left -= count
        return payload.left > 0 ? .payload(payload) : .header([], payload.next)
    }

    private static func controlContinued(
        _ control: Control,
        _ bytes: UnsafeMutableRawBufferPointer,
        _ position: inout Int,
        _ input: inout Input
    ) -> State {
        var control = control
        let count = min(control.left, bytes.count - position)
        // position + count <= bytes.count
        let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[position..<(position + count)])
        unsafe control.mask?.apply(to: piece)
        unsafe control.payload.append(contentsOf: piece)
        position += count
        control.left -= count
        return control.left > 0 ? .control(control) : ended(control, &input)
    }

    /// A control frame is whole.
    private static func ended(_ control: Control, _ input: inout Input) -> State {
        switch control.opcode {
        case .ping:
            input.ping = control.payload
        case .close:
            let reason = WebSocketCloseReason(payload: control.payload)
            input.end = reason.map { .closed($0) } ?? .violation(.malformedClose)
            return .ended
        case .pong, .continuation, .text, .binary:
            break
        }
        return .header([], control.next)
    }
}
