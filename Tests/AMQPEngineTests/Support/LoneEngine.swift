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
import AMQPEngine
import Testing

/// One engine whose peer is the test: bytes in, frames and events out.
final class LoneEngine {
    var engine: Engine
    let now = ContinuousClock().now

    init(_ configuration: EngineConfiguration) {
        engine = Engine(configuration: configuration, slabs: SlabPool(slabSize: 64 * 1024), now: now)
    }

    /// A server without SASL on which the peer has opened, begun (channel 0) and attached; every request is accepted.
    static func attachedServer(
        role: Role = .sender,
        configure: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> (LoneEngine, SessionID, LinkID) {
        var configuration = EngineConfiguration.testServer(mechanisms: [])
        configure(&configuration)
        let lone = LoneEngine(configuration)
        lone.feed(ProtocolHeader.amqp.bytes)
        lone.feed(.open(Open(containerID: "peer")))
        lone.feed(.begin(Begin(nextOutgoingID: 0, incomingWindow: 100, outgoingWindow: 100)))
        lone.feed(
            .attach(
                Attach(
                    name: "l",
                    handle: 0,
                    role: role,
                    source: Source(address: "a"),
                    target: Target(address: "b"),
                    initialDeliveryCount: 0
                )
            )
        )
        var session: SessionID?
        var link: LinkID?
        for event in lone.events() {
            switch event {
            case .sessionRequested(let id, _):
                session = id
                try lone.engine.acceptSession(id)
            case .linkRequested(let id, _, _):
                link = id
                try lone.engine.acceptLink(id)
            default: break
            }
        }
        _ = lone.output()
        return (lone, try #require(session), try #require(link))
    }

    func feed(_ bytes: [UInt8]) { engine.receive(bytes, at: now) }

    func feed(_ performative: Performative, channel: UInt16 = 0, payload: [UInt8] = []) {
        feed(Self.frame(performative, channel: channel, payload: payload))
    }

    static func frame(_ performative: Performative, channel: UInt16 = 0, payload: [UInt8] = []) -> [UInt8] {
        var writer = ByteWriter()
        FrameEncoder.write(performative, channel: channel, payload: payload[...], into: &writer)
        return writer.bytes
    }

    func events() -> [EngineEvent] {
        var events: [EngineEvent] = []
        while let event = engine.nextEvent() { events.append(event) }
        return events
    }

    func output() -> [UInt8] { EnginePair.takeOutput(&engine) }

    /// The performatives written since the last call; the output must not contain protocol headers.
    func performatives() throws -> [Performative] {
        let bytes = output()
        var found: [Performative] = []
        var offset = 0
        while offset + 8 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let frame = try Frame(decoding: Array(bytes[offset..<offset + size]).span.bytes)
            if case .amqp(let performative, _) = frame.body { found.append(performative) }
            offset += size
        }
        return found
    }

    /// The condition of each close, end and detach written since the last call.
    func errors() throws -> [ErrorCondition] {
        try performatives().compactMap { performative in
            switch performative {
            case .close(let close): close.error?.condition
            case .end(let end): end.error?.condition
            case .detach(let detach): detach.error?.condition
            default: nil
            }
        }
    }
}
