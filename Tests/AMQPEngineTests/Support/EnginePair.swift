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

/// Two engines joined back to back, on a virtual clock.
///
/// `drive()` carries bytes to and fro until both are idle, within a bound of steps that catches a livelock. How many bytes go at a
/// time can be limited, so that every frame is split somewhere.
final class EnginePair {
    enum Side {
        case client
        case server
    }

    var client: Engine
    var server: Engine
    let slabs = SlabPool(slabSize: 64 * 1024)
    private(set) var now = ContinuousClock().now
    /// Everything that happened, by side.
    var clientEvents: [EngineEvent] = []
    var serverEvents: [EngineEvent] = []
    /// What the server does by itself.
    var authenticationCode: SASLOutcome.Code? = .ok
    var acceptsSessions = true
    var acceptsLinks = true
    var acceptance = LinkAcceptance()
    var serverSessionOptions = SessionOptions()
    /// Bytes carried at a time.
    var chunk = Int.max
    /// Called for each event, after the automatic answer.
    var onServerEvent: ((EnginePair, EngineEvent) -> Void)?
    var onClientEvent: ((EnginePair, EngineEvent) -> Void)?

    init(
        client: EngineConfiguration = .testClient(),
        server: EngineConfiguration = .testServer()
    ) {
        self.client = Engine(configuration: client, slabs: slabs, now: now)
        self.server = Engine(configuration: server, slabs: slabs, now: now)
    }

    /// An open pair.
    static func opened(
        client: EngineConfiguration = .testClient(),
        server: EngineConfiguration = .testServer()
    ) -> EnginePair {
        let pair = EnginePair(client: client, server: server)
        pair.client.open()
        pair.drive()
        return pair
    }

    func advance(by duration: Duration) {
        now = now.advanced(by: duration)
        client.advance(to: now)
        server.advance(to: now)
    }

    /// Carries bytes and answers events until nothing moves.
    func drive(maximumSteps: Int = 200_000, sourceLocation: SourceLocation = #_sourceLocation) {
        for _ in 0..<maximumSteps {
            var moved = drainEvents()
            moved = carry(from: .client) || moved
            moved = drainEvents() || moved
            moved = carry(from: .server) || moved
            if !moved { return }
        }
        Issue.record("the engines did not come to rest", sourceLocation: sourceLocation)
    }

    /// Carries what one side has to say. False: nothing.
    @discardableResult
    func carry(from side: Side) -> Bool {
        let bytes = takeOutput(of: side)
        guard !bytes.isEmpty else { return false }
        switch side {
        case .client: if !server.isFinished { server.receive(bytes, at: now) }
        case .server: if !client.isFinished { client.receive(bytes, at: now) }
        }
        return true
    }

    func takeOutput(of side: Side) -> [UInt8] {
        switch side {
        case .client: Self.takeOutput(&client, limit: chunk)
        case .server: Self.takeOutput(&server, limit: chunk)
        }
    }

    static func takeOutput(_ engine: inout Engine, limit: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        while engine.hasOutput, bytes.count < limit {
            var taken = 0
            unsafe engine.withOutput { buffers in
                for buffer in unsafe buffers {
                    let part = unsafe buffer.prefix(limit - bytes.count)
                    unsafe bytes.append(contentsOf: part)
                    unsafe taken += part.count
                }
                return taken
            }
            if taken == 0 { break }
        }
        return bytes
    }

    @discardableResult
    func drainEvents() -> Bool {
        var any = false
        while let event = client.nextEvent() {
            any = true
            clientEvents.append(event)
            onClientEvent?(self, event)
        }
        while let event = server.nextEvent() {
            any = true
            serverEvents.append(event)
            answer(event)
            onServerEvent?(self, event)
        }
        return any
    }

    private func answer(_ event: EngineEvent) {
        switch event {
        case .authenticationRequested:
            if let authenticationCode { server.completeAuthentication(authenticationCode) }
        case .sessionRequested(let session, _):
            if acceptsSessions { try? server.acceptSession(session, serverSessionOptions) }
        case .linkRequested(let link, _, _):
            if acceptsLinks { try? server.acceptLink(link, acceptance) }
        default:
            break
        }
    }
}

extension EngineConfiguration {
    static func testClient(credentials: [SASLCredentials] = [.anonymous]) -> EngineConfiguration {
        EngineConfiguration(role: .client(credentials: credentials), containerID: "client", hostname: "localhost")
    }

    static func testServer(
        mechanisms: [SASLMechanism] = [.mssbcbs, .plain, .anonymous, .external],
        requiresSASL: Bool = false
    ) -> EngineConfiguration {
        EngineConfiguration(role: .server(mechanisms: mechanisms, requiresSASL: requiresSASL), containerID: "server")
    }
}
