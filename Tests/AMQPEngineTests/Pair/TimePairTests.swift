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

@testable import AMQPEngine

@Suite struct TimePairTests {
    static func configurations(
        idle: Duration?,
        keepAlive: Duration?
    ) -> (client: EngineConfiguration, server: EngineConfiguration) {
        var client = EngineConfiguration.testClient()
        var server = EngineConfiguration.testServer()
        client.idleTimeOut = idle
        server.idleTimeOut = idle
        client.keepAlive = keepAlive
        server.keepAlive = keepAlive
        return (client, server)
    }

    @Test func heartbeatsKeepAConnectionAlive() {
        let (client, server) = Self.configurations(idle: .seconds(10), keepAlive: nil)
        let pair = EnginePair.opened(client: client, server: server)
        for _ in 0..<100 {
            pair.advance(by: .seconds(1))
            pair.drive()
        }
        #expect(pair.client.isOpen == true)
        #expect(pair.server.isOpen == true)
        #expect(ConnectionPairTests.ends(pair.clientEvents).isEmpty)
    }

    @Test func anEmptyFrameIsEightBytes() {
        let (client, server) = Self.configurations(idle: .seconds(10), keepAlive: nil)
        let pair = EnginePair.opened(client: client, server: server)
        pair.advance(by: .seconds(4))
        #expect(pair.takeOutput(of: .client) == [])
        pair.advance(by: .seconds(1))
        #expect(pair.takeOutput(of: .client) == [0, 0, 0, 8, 2, 0, 0, 0])
    }

    @Test func aSilentPeerIsGivenUp() throws {
        let (client, server) = Self.configurations(idle: .seconds(10), keepAlive: nil)
        let pair = EnginePair.opened(client: client, server: server)
        let start = pair.now
        var steps = 0
        while pair.client.isOpen, steps < 100 {
            let next = pair.client.nextDeadline
            let deadline = try #require(next)
            pair.client.advance(to: deadline)
            steps += 1
            if pair.client.isOpen {
                _ = pair.takeOutput(of: .client)
            } else {
                #expect(start.duration(to: deadline) == .seconds(10))
            }
        }
        var last: EngineEvent?
        while let event = pair.client.nextEvent() { last = event }
        guard case .connectionClosed(.idleTimedOut) = last else {
            Issue.record("\(String(describing: last))")
            return
        }
        // The peer is told why, should it still listen.
        let bytes = pair.takeOutput(of: .client)
        #expect(bytes.count > 8)
        #expect(pair.client.isFinished == true)
        pair.server.receive(bytes, at: pair.now)
        pair.drive()
        guard case .closedByPeer(let error?) = ConnectionPairTests.ends(pair.serverEvents).first else {
            Issue.record("no close")
            return
        }
        #expect(error.condition == .resourceLimitExceeded)
    }

    @Test(arguments: [0, 8, 40])
    func aPeerThatNeverFinishesTheHandshakeIsGivenUp(bytes: Int) throws {
        let pair = EnginePair()
        pair.client.open()
        _ = pair.takeOutput(of: .client)
        let start: [UInt8] = ProtocolHeader.sasl.bytes + [0, 0, 0, 51, 2, 1, 0, 0] + [UInt8](repeating: 0, count: 30)
        pair.client.receive(Array(start.prefix(bytes)), at: pair.now)
        pair.advance(by: .seconds(29))
        #expect(pair.client.nextEvent() == nil)
        pair.advance(by: .seconds(1))
        guard case .connectionClosed(.handshakeTimedOut)? = pair.client.nextEvent() else {
            Issue.record("no end")
            return
        }
        #expect(pair.client.isFinished == true)
        guard case .connectionClosed(.handshakeTimedOut)? = pair.server.nextEvent() else {
            Issue.record("no end at the server")
            return
        }
    }

    @Test func aPeerThatNeverAnswersACloseIsGivenUp() {
        let pair = EnginePair.opened()
        pair.client.close()
        _ = pair.takeOutput(of: .client)
        pair.advance(by: .seconds(9))
        #expect(pair.client.isFinished == false)
        pair.advance(by: .seconds(1))
        #expect(pair.client.isFinished == true)
        guard case .connectionClosed(.closeTimedOut)? = pair.client.nextEvent() else {
            Issue.record("no end")
            return
        }
    }

    @Test func openAnnouncesTheTimeOut() {
        let (client, server) = Self.configurations(idle: .seconds(240), keepAlive: .seconds(60))
        let pair = EnginePair.opened(client: client, server: server)
        #expect(ConnectionPairTests.opens(pair.serverEvents).map(\.idleTimeOut) == [240_000])
        let (quiet, other) = Self.configurations(idle: nil, keepAlive: nil)
        let silent = EnginePair.opened(client: quiet, server: other)
        #expect(ConnectionPairTests.opens(silent.serverEvents).map(\.idleTimeOut) == [nil])
        #expect(silent.client.nextDeadline == nil)
    }
}
