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

import AMQPClient
import AMQPCodec
import AMQPEngine
import AMQPTransport

/// A server without an engine: polite unless its script says otherwise, and able to send any bytes.
final class HostileServer: ByteStreamHandler, @unchecked Sendable {
    /// Sees what the client sends; true: the script has dealt with it, no polite answer follows.
    typealias Script = @Sendable (HostileServer, UInt16, Performative) -> Bool

    /// What the client has sent.
    let received = Recorder<Performative>()
    private let begun = Recorder<UInt8>()

    private let stream: InMemoryStream
    private let script: Script
    private var decoder = FrameDecoder(maxFrameSize: 1 << 20)
    private var outgoing: [UInt8] = []
    private var closesWhenWritten = false

    init(on stream: InMemoryStream, script: @escaping Script = { _, _, _ in false }) {
        self.stream = stream
        self.script = script
        stream.loop.execute { stream.activate(handler: self) }
    }

    /// A client that has opened its connection to a server that follows `script`.
    static func connect(
        configuration: AMQPConnectionConfiguration = .strict,
        script: @escaping Script = { _, _, _ in false }
    ) async throws -> (AMQPConnection, HostileServer) {
        let (near, far) = InMemoryStream.pair(on: EventLoopGroup.shared.next(), capacity: 1 << 22)
        let server = HostileServer(on: far, script: script)
        let connection = try await AMQPConnection.open(on: near, hostname: "h", configuration: configuration)
        return (connection, server)
    }

    func send(_ bytes: [UInt8]) {
        stream.loop.execute { [self] in
            outgoing += bytes
            flush()
        }
    }

    func send(_ performatives: Performative..., channel: UInt16 = 0) {
        send(performatives.flatMap { frame($0, channel: channel) })
    }

    /// Hangs up, after what has been sent.
    func hangUp() {
        stream.loop.execute { [self] in
            closesWhenWritten = true
            flush()
        }
    }

    /// The first thing the client sent, or sends, that `select` has a use for.
    func wait<Value>(for select: (Performative) -> Value?) async -> Value {
        var count = 1
        while true {
            let values = await received.wait(for: count)
            if let value = values.lazy.compactMap(select).first { return value }
            count = values.count + 1
        }
    }

    /// The condition in the close, end or detach with an error that the client sends.
    func condition() async -> ErrorCondition {
        await wait { performative in
            switch performative {
            case .close(let close): close.error?.condition
            case .end(let end): end.error?.condition
            case .detach(let detach): detach.error?.condition
            default: nil
            }
        }
    }

    /// The channel on which the client began a session, by order.
    func channel(of session: Int) async -> UInt8 {
        while true {
            let channels = begun.values
            if channels.count > session { return channels[session] }
            _ = await begun.wait(for: session + 1)
        }
    }

    func streamReadable() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        while case .bytes(let count)? = try? stream.read(into: buffer) { decoder.append(buffer.prefix(count)) }
        while let item = try? decoder.next() {
            switch item {
            case .protocolHeader(let header): answer(header)
            case .frame(let frame, _): answer(frame)
            }
        }
    }

    func streamWritable() { flush() }
    func streamFailed(_ error: TransportError) {}

    private func flush() {
        while !outgoing.isEmpty {
            let count = (try? outgoing.withUnsafeBytes { try stream.write([$0]) }) ?? outgoing.count
            outgoing.removeFirst(count)
            if count == 0 {
                stream.setWantsWrite(true)
                return
            }
        }
        if closesWhenWritten { stream.close() }
    }

    // MARK: Manners

    private func answer(_ header: ProtocolHeader) {
        if header == .sasl {
            send(Handshake.saslHeader + Handshake.mechanisms)
        } else {
            send(Handshake.amqpHeader)
        }
    }

    private func answer(_ frame: Frame) {
        switch frame.body {
        case .sasl: send(Handshake.outcome)
        case .empty: break
        case .amqp(let performative, _):
            received.record(performative)
            if case .begin = performative { begun.record(UInt8(truncatingIfNeeded: frame.channel)) }
            if !script(self, frame.channel, performative) { answer(performative, on: frame.channel) }
        }
    }

    /// What a server that accepts everything answers.
    func answer(_ performative: Performative, on channel: UInt16) {
        switch performative {
        case .open: send(Handshake.open)
        case .begin:
            let begin = Begin(remoteChannel: channel, nextOutgoingID: 0, incomingWindow: 1_000, outgoingWindow: 1_000)
            send(.begin(begin), channel: channel)
        case .attach(let attach): accept(attach, on: channel)
        case .detach(let detach): send(.detach(Detach(handle: detach.handle, closed: true)), channel: channel)
        case .end: send(.end(End()), channel: channel)
        case .close: send(.close(Close()))
        case .flow, .transfer, .disposition: break
        }
    }

    /// Answers an attach under the same handle, with credit for 100 when the client sends.
    func accept(_ attach: Attach, on channel: UInt16) {
        var answer = attach
        answer.role = attach.role == .sender ? .receiver : .sender
        answer.initialDeliveryCount = attach.role == .receiver ? 0 : nil
        send(.attach(answer), channel: channel)
        guard attach.role == .sender else { return }
        let flow = Flow(
            nextIncomingID: 0,
            incomingWindow: 1_000,
            nextOutgoingID: 0,
            outgoingWindow: 1_000,
            handle: attach.handle,
            deliveryCount: 0,
            linkCredit: 100
        )
        send(.flow(flow), channel: channel)
    }
}

/// The server's half of a handshake, one piece after the other.
enum Handshake {
    static let saslHeader: [UInt8] = Array("AMQP".utf8) + [3, 1, 0, 0]
    static let mechanisms = saslFrame(.mechanisms(SASLMechanisms(mechanisms: ["ANONYMOUS"])))
    static let outcome = saslFrame(.outcome(SASLOutcome(code: .ok)))
    static let amqpHeader: [UInt8] = Array("AMQP".utf8) + [0, 1, 0, 0]
    static let open = frame(.open(Open(containerID: "hostile", maxFrameSize: 4_096, channelMax: 10)))
    static let pieces = [saslHeader, mechanisms, outcome, amqpHeader, open]

    static func saslFrame(_ body: SASLFrameBody) -> [UInt8] {
        var writer = ByteWriter()
        FrameEncoder.write(body, into: &writer)
        return writer.bytes
    }
}

extension AMQPConnectionConfiguration {
    /// No patience with a peer, and not a delivery beyond the credit.
    static var strict: AMQPConnectionConfiguration {
        var configuration = AMQPConnectionConfiguration()
        configuration.limits.creditOverrun = 0
        configuration.closeTimeout = .seconds(1)
        return configuration
    }
}

func frame(_ performative: Performative, channel: UInt16 = 0, payload: [UInt8] = []) -> [UInt8] {
    var writer = ByteWriter()
    FrameEncoder.write(performative, channel: channel, payload: payload[...], into: &writer)
    return writer.bytes
}

/// A frame of AMQP around any bytes.
func rawFrame(_ body: [UInt8], channel: UInt8 = 0, type: UInt8 = 0, dataOffset: UInt8 = 2) -> [UInt8] {
    [0, 0, UInt8((body.count + 8) >> 8), UInt8((body.count + 8) & 255), dataOffset, type, 0, channel] + body
}

/// A settled transfer, or another, with one byte as its body.
func transfer(
    _ delivery: UInt32?,
    _ body: UInt8 = 0,
    handle: UInt32 = 0,
    settled: Bool = true,
    more: Bool = false
) -> [UInt8] {
    frame(
        .transfer(Transfer(handle: handle, deliveryID: delivery, deliveryTag: [body], settled: settled, more: more)),
        payload: Message(data: [body]).encoded()
    )
}
