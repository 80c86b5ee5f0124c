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

/// From received bytes to the one place that handles each frame.
extension Engine {
    /// Takes everything from the received bytes that can be taken now.
    mutating func processInput() {
        parse: while true {
            switch connection.expectation {
            case .protocolHeader:
                guard let bytes = intake.peek(ProtocolHeader.size) else { break parse }
                intake.consume(ProtocolHeader.size)
                headerReceived(bytes)
            case .saslFrame, .amqpFrame:
                if takeWholeTransfers() { continue }
                guard takeFrame() else { break parse }
            case .decision:
                break parse
            case .nothing:
                intake.consume(intake.unconsumedCount)
                break parse
            }
        }
        handOverDeliveries()
        if output.count > configuration.limits.maximumOutputBytes, !connection.isDiscarding {
            violated(
                ProtocolViolation(
                    .connection,
                    .resourceLimitExceeded,
                    "the peer asks for more than it reads",
                    section: "2.4"
                )
            )
        }
    }

    private mutating func headerReceived(_ bytes: [UInt8]) {
        var reader = unsafe ByteReader(bytes.span.bytes)
        guard let header = try? ProtocolHeader(decoding: &reader) else {
            connection.terminate()
            if case .server = configuration.role { write(configuration.expectedHeader) }
            reportEnd(.protocolMismatch(received: nil))
            return
        }
        configuration.frameTrace?(
            TracedFrame(direction: .incoming, channel: 0, content: .header(header), payloadSize: 0)
        )
        switch connection.headerReceived(header) {
        case .none: break
        case .sendOpen: writeOpen()
        case .sendHeader: write(.amqp)
        case .sendHeaderAndOpen:
            write(.amqp)
            writeOpen()
        case .sendSASLHeaderAndMechanisms(let mechanisms):
            write(.sasl)
            write(.mechanisms(SASLMechanisms(mechanisms: mechanisms.map { Symbol($0.rawValue) })))
        case .mismatch(let answer):
            if let answer { write(answer) }
            reportEnd(.protocolMismatch(received: header))
        }
    }

    /// Takes one frame the general way. False: there is no whole frame.
    private mutating func takeFrame() -> Bool {
        let range: FrameRange
        switch intake.next() {
        case .incomplete:
            return false
        case .invalidSize(let size):
            violated(
                ProtocolViolation(
                    .connection,
                    .framingError,
                    "a frame of \(size) bytes is not legal here",
                    section: "2.3.1"
                )
            )
            intake.consume(intake.unconsumedCount)
            return false
        case .frame(let found):
            range = found
        }
        let frame: Frame
        do {
            frame = try Frame(decoding: intake.bytes(of: range))
        } catch {
            undecodable(error)
            intake.consume(range.size)
            return true
        }
        switch frame.body {
        case .amqp(let performative, let payload):
            received(performative, on: frame.channel, frame: range, payload: payload)
        case .sasl(let body):
            saslReceived(body)
        case .empty:
            configuration.frameTrace?(
                TracedFrame(direction: .incoming, channel: frame.channel, content: .empty, payloadSize: 0)
            )
        }
        intake.consume(range.size)
        return true
    }

    private mutating func undecodable(_ error: DecodingError) {
        let condition: ErrorCondition =
            switch error.code {
            case .malformedFrame, .frameTooLarge: .framingError
            default: .decodeError
            }
        let place = error.path.isEmpty ? "" : " (\(error.path))"
        violated(
            ProtocolViolation(
                .connection,
                condition,
                "undecodable frame at byte \(error.offset)\(place): \(error.message)",
                section: "2.3"
            )
        )
    }

    private mutating func received(
        _ performative: Performative,
        on channel: UInt16,
        frame: FrameRange,
        payload: Range<Int>
    ) {
        if let trace = configuration.frameTrace {
            trace(
                TracedFrame(
                    direction: .incoming,
                    channel: channel,
                    content: .performative(performative),
                    payloadSize: payload.count
                )
            )
        }
        guard connection.expectation == .amqpFrame else {
            unexpected("an AMQP frame during SASL")
            return
        }
        switch performative {
        case .open(let open): openReceived(open)
        case .close(let close): closeReceived(close)
        case .begin, .attach, .flow, .transfer, .disposition, .detach, .end:
            if connection.isDiscarding { return }
            guard connection.isOpened else {
                unexpected("a frame before open")
                return
            }
            received(performative, on: IncomingChannel(rawValue: channel), frame: frame, payload: payload)
        }
    }

    private mutating func received(
        _ performative: Performative,
        on channel: IncomingChannel,
        frame: FrameRange,
        payload: Range<Int>
    ) {
        if case .begin(let begin) = performative {
            beginReceived(begin, on: channel)
            return
        }
        let session: Int
        switch channels.session(on: channel) {
        case .mapped(let slot): session = slot
        case .ended: return
        case .unmapped:
            violated(
                ProtocolViolation(
                    .connection,
                    .notAllowed,
                    "channel \(channel.rawValue) has no session",
                    section: "2.5.1"
                )
            )
            return
        }
        if case .end(let end) = performative {
            endReceived(end, session: session)
            return
        }
        guard sessions[session].machine.isReceptive else { return }
        switch performative {
        case .attach(let attach): attachReceived(attach, session: session)
        case .flow(let flow): flowReceived(flow, session: session)
        case .transfer(let transfer):
            transferReceived(transfer, session: session, frame: frame, payload: payload)
        case .disposition(let disposition): dispositionReceived(disposition, session: session)
        case .detach(let detach): detachReceived(detach, session: session)
        case .open, .begin, .end, .close: break
        }
    }

    /// A frame that has no place in the state of the connection.
    mutating func unexpected(_ what: String) {
        violated(ProtocolViolation(.connection, .illegalState, "\(what) is not expected", section: "2.4.7"))
    }
}

extension EngineConfiguration {
    /// The header a server answers with when it cannot make sense of the client's.
    var expectedHeader: ProtocolHeader {
        switch role {
        case .client: .amqp
        case .server(let mechanisms, _): mechanisms.isEmpty ? .amqp : .sasl
        }
    }
}
