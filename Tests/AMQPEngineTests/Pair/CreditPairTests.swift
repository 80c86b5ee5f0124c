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

@Suite struct CreditPairTests {
    /// A pair whose client records its frames.
    static func traced() -> (EnginePair, RecordedFrames) {
        let frames = RecordedFrames()
        var configuration = EngineConfiguration.testClient()
        configuration.frameTrace = frames.trace
        return (EnginePair.opened(client: configuration), frames)
    }

    static func drained(_ events: [EngineEvent]) -> [LinkID] {
        events.compactMap { event in
            if case .linkDrained(let link) = event { link } else { nil }
        }
    }

    static func available(_ events: [EngineEvent]) -> [UInt32] {
        events.compactMap { event in
            if case .creditAvailable(_, let credit) = event { credit } else { nil }
        }
    }

    @Test func creditSetSeveralTimesLeavesAsOneFlow() throws {
        let (pair, frames) = Self.traced()
        let link = try PairedLink.clientReceives(on: pair)
        try pair.client.setCredit(link.client, 5)
        try pair.client.setCredit(link.client, 300)
        pair.drive()
        let flows = frames.flows(.outgoing)
        #expect(flows.map(\.linkCredit) == [300])
        #expect(flows.map(\.deliveryCount) == [0])
        #expect(flows.map(\.handle) == [0])
        #expect(pair.server.credit(of: link.server) == 300)
        #expect(Self.available(pair.serverEvents) == [300])
    }

    @Test func creditGivenBeforeTheAttachIsAnsweredFollowsIt() throws {
        let pair = EnginePair.opened()
        let session = try pair.beganSession()
        let link = try pair.client.attachReceiver(session, ReceiverOptions(name: "r", source: Source(address: "a")))
        try pair.client.setCredit(link, 7)
        pair.drive()
        #expect(pair.server.credit(of: try #require(pair.requestedLinks.first)) == 7)
    }

    @Test func drainUsesWhatThereIsAndGivesTheRestBack() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        try pair.client.setCredit(link.client, 10)
        pair.drive()
        pair.onServerEvent = { pair, event in
            guard case .flowReceived(let link, let flow) = event, flow.drain else { return }
            for number in 0..<3 {
                _ = try? pair.server.send(
                    link,
                    OutgoingDelivery(payload: TransferPairTests.message([UInt8(number)]), settled: true)
                )
            }
        }
        try pair.client.drain(link.client)
        pair.drive()
        #expect(pair.payloads(of: .client).compactMap(\.last) == [0, 1, 2])
        #expect(Self.drained(pair.clientEvents) == [link.client])
        #expect(pair.client.credit(of: link.client) == 0)
        #expect(pair.server.credit(of: link.server) == 0)
        // Credit given afterwards counts from the advanced delivery-count.
        pair.onServerEvent = nil
        try pair.client.setCredit(link.client, 2)
        pair.drive()
        #expect(pair.server.credit(of: link.server) == 2)
    }

    @Test func drainEndsWithTheLastDelivery() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        for _ in 0..<5 { try pair.server.send(link.server, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0])) }
        try pair.client.setCredit(link.client, 3)
        try pair.client.drain(link.client)
        pair.drive()
        #expect(pair.payloads(of: .client).count == 3)
        #expect(Self.drained(pair.clientEvents) == [link.client])
        #expect(pair.server.pendingCount(of: link.server) == 2)
    }

    @Test func drainingNothingEndsAtOnce() throws {
        let link = try PairedLink.clientReceives()
        try link.pair.client.drain(link.client)
        link.pair.drive()
        #expect(Self.drained(link.pair.clientEvents) == [link.client])
    }

    @Test func anEchoIsAnswered() throws {
        let (pair, frames) = Self.traced()
        let link = try PairedLink.clientReceives(on: pair)
        try pair.client.setCredit(link.client, 4)
        pair.drive()
        try pair.server.send(link.server, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0], settled: true))
        pair.drive()
        try pair.client.requestEcho(link.client)
        pair.drive()
        let answer = try #require(frames.flows(.incoming).last)
        #expect(answer.handle == 0)
        #expect(answer.deliveryCount == 1)
        #expect(answer.linkCredit == 3)
        #expect(!answer.echo)
    }

    @Test func loweredCreditHoldsTheSender() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        try pair.client.setCredit(link.client, 10)
        pair.drive()
        try pair.client.setCredit(link.client, 0)
        pair.drive()
        try pair.server.send(link.server, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0]))
        pair.drive()
        #expect(pair.payloads(of: .client).isEmpty)
        #expect(pair.server.pendingCount(of: link.server) == 1)
    }

    @Test func creditForDeliveriesUnderWayIsNotAViolation() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        try pair.client.setCredit(link.client, 10)
        pair.drive()
        for _ in 0..<10 { try pair.server.send(link.server, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0])) }
        let underWay = pair.takeOutput(of: .server)
        try pair.client.setCredit(link.client, 0)
        pair.carry(from: .client)
        pair.client.receive(underWay, at: pair.now)
        pair.drive()
        #expect(pair.payloads(of: .client).count == 10)
        #expect(LinkPairTests.ends(pair.clientEvents).isEmpty)
    }
}
