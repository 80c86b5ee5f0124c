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

@Suite struct SessionPairTests {
    static func began(_ events: [EngineEvent]) -> [SessionID] {
        events.compactMap { event in
            if case .sessionBegan(let session, _) = event { session } else { nil }
        }
    }

    static func requested(_ events: [EngineEvent]) -> [SessionID] {
        events.compactMap { event in
            if case .sessionRequested(let session, _) = event { session } else { nil }
        }
    }

    static func ends(_ events: [EngineEvent]) -> [SessionEnd] {
        events.compactMap { event in
            if case .sessionEnded(_, let end) = event { end } else { nil }
        }
    }

    @Test func eitherEndMayBegin() throws {
        let pair = EnginePair.opened()
        let ours = try pair.client.beginSession()
        pair.drive()
        #expect(Self.began(pair.clientEvents) == [ours])
        // The client has to answer one of the server's.
        let theirs = try pair.server.beginSession()
        pair.drive()
        let requested = try #require(Self.requested(pair.clientEvents).first)
        try pair.client.acceptSession(requested)
        pair.drive()
        #expect(Self.began(pair.serverEvents) == [theirs])
        try pair.client.endSession(ours)
        try pair.server.endSession(theirs)
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.endedByPeer(nil), .endedLocally(answer: nil)])
        #expect(Self.ends(pair.serverEvents) == [.endedByPeer(nil), .endedLocally(answer: nil)])
    }

    @Test func channelsAreReused() throws {
        var configuration = EngineConfiguration.testServer()
        configuration.channelMax = 1
        let pair = EnginePair.opened(server: configuration)
        for _ in 0..<10 {
            let first = try pair.client.beginSession()
            let second = try pair.client.beginSession()
            #expect(throws: UsageError.noFreeChannel) { try pair.client.beginSession() }
            pair.drive()
            try pair.client.endSession(first)
            try pair.client.endSession(second)
            pair.drive()
            #expect(throws: UsageError.unknownSession) { try pair.client.endSession(first) }
        }
        #expect(Self.ends(pair.serverEvents).count == 20)
    }

    @Test func errorsReachTheOtherEnd() throws {
        let pair = EnginePair.opened()
        _ = try pair.beganSession()
        let error = AMQPErrorInfo(condition: .internalError, description: "sorry")
        try pair.server.endSession(try #require(Self.requested(pair.serverEvents).first), error: error)
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.endedByPeer(error)])
    }

    @Test func aSessionCanBeRefused() throws {
        let pair = EnginePair.opened()
        pair.acceptsSessions = false
        _ = try pair.client.beginSession()
        pair.drive()
        let error = AMQPErrorInfo(condition: .resourceLimitExceeded)
        try pair.server.endSession(try #require(Self.requested(pair.serverEvents).first), error: error)
        pair.drive()
        #expect(Self.began(pair.clientEvents).count == 1)
        #expect(Self.ends(pair.clientEvents) == [.endedByPeer(error)])
        #expect(Self.ends(pair.serverEvents) == [.endedLocally(answer: nil)])
    }

    @Test func aSessionEndedBeforeItIsAnswered() throws {
        let pair = EnginePair.opened()
        let session = try pair.client.beginSession()
        try pair.client.endSession(session)
        pair.drive()
        #expect(Self.ends(pair.clientEvents) == [.endedLocally(answer: nil)])
        #expect(pair.client.isOpen == true)
        #expect(pair.server.isOpen == true)
        let next = try pair.client.beginSession()
        pair.drive()
        #expect(Self.began(pair.clientEvents) == [next])
    }

    @Test func linksEndWithTheirSession() throws {
        let link = try PairedLink.clientSends()
        try link.pair.client.endSession(link.clientSession)
        link.pair.drive()
        #expect(
            LinkPairTests.ends(link.pair.clientEvents).map(\.end) == [.sessionEnded(.endedLocally(answer: nil))]
        )
        #expect(LinkPairTests.ends(link.pair.serverEvents).map(\.end) == [.sessionEnded(.endedByPeer(nil))])
        // The name is free again.
        let again = try PairedLink.clientSends(on: link.pair)
        #expect(again.pair.client.isAttached(again.client) == true)
    }

    @Test func aSmallWindowIsOpenedAgainAndAgain() throws {
        let pair = EnginePair.opened()
        pair.serverSessionOptions.incomingWindow = 3
        let link = try PairedLink.clientSends(on: pair)
        try pair.server.setCredit(link.server, 1_000)
        pair.drive()
        for number in 0..<200 {
            try pair.client.send(
                link.client,
                OutgoingDelivery(payload: TransferPairTests.message([UInt8(number)]), settled: true)
            )
        }
        pair.drive()
        #expect(pair.payloads(of: .server).compactMap(\.last) == (0..<200).map { UInt8($0) })
    }

    @Test func nextIncomingIDsWrapWithoutHarm() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        try pair.client.setCredit(link.client, 100_000)
        pair.drive()
        for round in 0..<70 {
            for _ in 0..<1_000 {
                try pair.server.send(
                    link.server,
                    OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 1, 7], settled: true)
                )
            }
            if round % 10 == 0 { pair.drive() }
        }
        pair.drive()
        // More than one session window of 65,536 has gone over.
        #expect(pair.payloads(of: .client).count == 70_000)
    }
}
