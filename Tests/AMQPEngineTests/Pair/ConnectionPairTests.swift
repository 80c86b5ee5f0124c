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

@Suite struct ConnectionPairTests {
    static func ends(_ events: [EngineEvent]) -> [ConnectionEnd] {
        events.compactMap { event in
            if case .connectionClosed(let end) = event { end } else { nil }
        }
    }

    static func opens(_ events: [EngineEvent]) -> [Open] {
        events.compactMap { event in
            if case .connectionOpened(let open) = event { open } else { nil }
        }
    }

    @Test(
        arguments: [
            [.anonymous], [.mssbcbs], [.external(authorizationID: "")],
            [.plain(authorizationID: "", authenticationID: "name", password: "key")], [],
        ] as [[SASLCredentials]],
        [1, 7, .max]
    )
    func opensAndCloses(credentials: [SASLCredentials], chunk: Int) throws {
        var configuration = EngineConfiguration.testClient(credentials: credentials)
        configuration.properties = ["product": "swift-event-hubs"]
        let pair = EnginePair(client: configuration)
        pair.chunk = chunk
        pair.client.open()
        pair.drive()
        #expect(pair.client.isOpen == true)
        #expect(pair.server.isOpen == true)
        let open = try #require(Self.opens(pair.serverEvents).first)
        #expect(open.containerID == "client")
        #expect(open.hostname == "localhost")
        #expect(open.properties == ["product": "swift-event-hubs"])
        #expect(Self.opens(pair.clientEvents).map(\.containerID) == ["server"])
        let requested = pair.serverEvents.compactMap { event in
            if case .authenticationRequested(let credentials) = event { credentials } else { nil }
        }
        #expect(requested == Array(credentials.prefix(1)))
        pair.client.close()
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.closedLocally(answer: nil)])
        #expect(Self.ends(pair.serverEvents) == [.closedByPeer(nil)])
        #expect(pair.client.isFinished == true)
        #expect(pair.server.isFinished == true)
        #expect(pair.client.nextDeadline == nil)
    }

    @Test(arguments: [true, false], [true, false])
    func eitherEndMayPipelineItsOpen(client: Bool, server: Bool) {
        var clientConfiguration = EngineConfiguration.testClient()
        clientConfiguration.pipelinesOpen = client
        var serverConfiguration = EngineConfiguration.testServer()
        serverConfiguration.pipelinesOpen = server
        let pair = EnginePair.opened(client: clientConfiguration, server: serverConfiguration)
        #expect(pair.client.isOpen == true)
        #expect(pair.server.isOpen == true)
    }

    @Test func wrongCredentialsAreTurnedDown() {
        let pair = EnginePair(
            client: .testClient(credentials: [.plain(authorizationID: "", authenticationID: "a", password: "b")])
        )
        pair.authenticationCode = .auth
        pair.client.open()
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.authenticationFailed(.rejected(.auth))])
        #expect(Self.ends(pair.serverEvents) == [.authenticationFailed(.rejected(.auth))])
        #expect(pair.client.isFinished == true)
        #expect(pair.server.isFinished == true)
    }

    @Test func noCommonMechanism() {
        let pair = EnginePair(client: .testClient(credentials: [.mssbcbs]), server: .testServer(mechanisms: [.plain]))
        pair.client.open()
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.authenticationFailed(.noCommonMechanism(offered: ["PLAIN"]))])
    }

    @Test func aServerThatWantsSASLSaysSo() {
        let pair = EnginePair(client: .testClient(credentials: []), server: .testServer(requiresSASL: true))
        pair.client.open()
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.protocolMismatch(received: .sasl)])
        #expect(Self.ends(pair.serverEvents) == [.protocolMismatch(received: .amqp)])
    }

    @Test func bytesThatArriveDuringTheDecisionAreKept() {
        let pair = EnginePair()
        pair.authenticationCode = nil
        pair.client.open()
        pair.drive()
        // What a client that does not wait sends behind its sasl-init.
        var writer = ByteWriter()
        ProtocolHeader.amqp.encode(into: &writer)
        FrameEncoder.write(.open(Open(containerID: "eager")), channel: 0, into: &writer)
        pair.server.receive(writer.bytes, at: pair.now)
        #expect(pair.server.nextEvent() == nil)
        pair.server.completeAuthentication(.ok)
        pair.carry(from: .server)
        #expect(pair.server.isOpen == true)
    }

    @Test func closingWithAnErrorTellsThePeer() {
        let pair = EnginePair.opened()
        let error = AMQPErrorInfo(condition: .connectionForced, description: "upgrade")
        pair.server.close(error: error)
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.closedByPeer(error)])
        #expect(Self.ends(pair.serverEvents) == [.closedLocally(answer: nil)])
    }

    @Test func bothMayCloseAtOnce() {
        let pair = EnginePair.opened()
        pair.client.close()
        pair.server.close()
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.closedLocally(answer: nil)])
        #expect(Self.ends(pair.serverEvents) == [.closedLocally(answer: nil)])
        #expect(pair.client.isFinished == true)
    }

    @Test func anErrorTooLongForTheFrameIsShortened() {
        var configuration = EngineConfiguration.testClient()
        configuration.maxFrameSize = 512
        let pair = EnginePair.opened(client: configuration)
        let text = String(repeating: "x", count: 3_000)
        pair.server.close(error: AMQPErrorInfo(condition: .internalError, description: text, info: ["a": "b"]))
        pair.drive()
        let expected = AMQPErrorInfo(condition: .internalError, description: String(repeating: "x", count: 200))
        #expect(Self.ends(pair.clientEvents) == [.closedByPeer(expected)])
    }

    @Test func everythingEndsWithTheStream() throws {
        let link = try PairedLink.clientSends()
        link.pair.client.receiveEnded(at: link.pair.now)
        var events: [EngineEvent] = []
        while let event = link.pair.client.nextEvent() { events.append(event) }
        let end = ConnectionEnd.streamEnded(midFrame: false)
        guard events.count == 3, case .linkDetached(let id, let linkEnd) = events[0],
            case .sessionEnded(let session, let sessionEnd) = events[1], case .connectionClosed(end) = events[2]
        else {
            Issue.record("unexpected events \(events)")
            return
        }
        #expect(id == link.client)
        #expect(session == link.clientSession)
        #expect(sessionEnd == .connectionClosed(end))
        #expect(linkEnd == .sessionEnded(.connectionClosed(end)))
        #expect(link.pair.client.isFinished == true)
        link.pair.client.receiveEnded(at: link.pair.now)
        #expect(link.pair.client.nextEvent() == nil)
        #expect(throws: UsageError.unknownLink) {
            try link.pair.client.send(link.client, OutgoingDelivery(payload: []))
        }
        #expect(throws: UsageError.notOpen) { try link.pair.client.beginSession() }
    }
}
