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

@Suite struct SettlementPairTests {
    static func updates(_ events: [EngineEvent]) -> [(ClosedRange<UInt64>, DeliveryState?, Bool)] {
        events.compactMap { event in
            if case .deliveryUpdated(_, let first, let last, let state, let settled) = event {
                (first.rawValue...last.rawValue, state, settled)
            } else {
                nil
            }
        }
    }

    /// A pair on which the client has sent `count` unsettled deliveries.
    static func sent(_ count: Int, _ sender: (inout SenderOptions) -> Void = { _ in }) throws -> PairedLink {
        let link = try PairedLink.clientSends(sender: sender)
        try link.pair.server.setCredit(link.server, UInt32(count))
        link.pair.drive()
        for _ in 0..<count {
            try link.pair.client.send(link.client, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0]))
        }
        link.pair.drive()
        return link
    }

    @Test func settlementsInARowLeaveAsOneFrame() throws {
        let link = try Self.sent(100)
        let pair = link.pair
        for id in pair.deliveryIDs(of: .server) { try pair.server.settle(link.server, DeliveryID(id), as: .accepted) }
        let bytes = pair.takeOutput(of: .server)
        #expect(bytes.count < 40)
        pair.client.receive(bytes, at: pair.now)
        pair.drive()
        let updates = Self.updates(pair.clientEvents)
        #expect(updates.map(\.0) == [0...99])
        #expect(updates.map(\.1) == [.accepted])
        #expect(updates.map(\.2) == [true])
    }

    @Test func eachOutcomeReachesItsDelivery() throws {
        let link = try Self.sent(5)
        let pair = link.pair
        let error = AMQPErrorInfo(condition: .argumentError, description: "no")
        let modified = DeliveryState.modified(.init(deliveryFailed: true, undeliverableHere: true))
        let outcomes: [DeliveryState] = [.accepted, .rejected(error), .released, modified, .accepted]
        for (id, outcome) in zip(pair.deliveryIDs(of: .server), outcomes) {
            try pair.server.settle(link.server, DeliveryID(id), as: outcome)
        }
        pair.drive()
        #expect(Self.updates(pair.clientEvents).map(\.0) == [0...0, 1...1, 2...2, 3...3, 4...4])
        #expect(Self.updates(pair.clientEvents).map(\.1) == outcomes)
    }

    @Test func anyOrderAndTwiceSettlesOnce() throws {
        let link = try Self.sent(10)
        let pair = link.pair
        let ids = pair.deliveryIDs(of: .server)
        for id in ids.reversed() { try pair.server.settle(link.server, DeliveryID(id), as: .accepted) }
        try pair.server.settle(link.server, from: DeliveryID(ids[0]), through: DeliveryID(ids[9]), as: .released)
        pair.drive()
        #expect(pair.settledSends(of: .client).sorted() == (0..<10).map { SendID(UInt64($0)) })
        #expect(Self.updates(pair.clientEvents).allSatisfy { $0.1 == .accepted })
    }

    @Test func settledSendsNeedNoAnswer() throws {
        let link = try PairedLink.clientSends()
        let pair = link.pair
        try pair.server.setCredit(link.server, 10)
        pair.drive()
        for number in 0..<6 {
            try pair.client.send(
                link.client,
                OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0], settled: number % 2 == 0)
            )
        }
        pair.drive()
        let ids = pair.deliveryIDs(of: .server)
        try pair.server.settle(link.server, from: DeliveryID(ids[0]), through: DeliveryID(ids[5]), as: .accepted)
        pair.drive()
        #expect(Self.updates(pair.clientEvents).map(\.0) == [1...1, 3...3, 5...5])
    }

    @Test(arguments: [SenderSettleMode.settled, .unsettled])
    func theLinksModeOverridesTheCaller(mode: SenderSettleMode) throws {
        let link = try PairedLink.clientSends { $0.senderSettleMode = mode }
        let pair = link.pair
        try pair.server.setCredit(link.server, 10)
        pair.drive()
        try pair.client.send(
            link.client,
            OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0], settled: mode == .unsettled)
        )
        pair.drive()
        let settled = pair.serverEvents.flatMap { event -> [Bool] in
            if case .deliveries(_, let batch) = event { batch.map(\.isSettled) } else { [] }
        }
        #expect(settled == [mode == .settled])
    }

    @Test func inTheSecondModeTheSenderHasTheLastWord() throws {
        let link = try Self.sent(3) { $0.receiverSettleMode = .second }
        let pair = link.pair
        let ids = pair.deliveryIDs(of: .server)
        try pair.server.settle(link.server, from: DeliveryID(ids[0]), through: DeliveryID(ids[2]), as: .accepted)
        pair.drive()
        #expect(Self.updates(pair.clientEvents).map(\.0) == [0...2])
        #expect(Self.updates(pair.clientEvents).map(\.2) == [true])
        let settled = pair.serverEvents.compactMap { event in
            if case .deliveriesSettledBySender(_, let first, let last, let state) = event {
                (first.rawValue, last.rawValue, state)
            } else {
                nil
            }
        }
        #expect(settled.map(\.0) == [ids[0]])
        #expect(settled.map(\.1) == [ids[2]])
        #expect(settled.map(\.2) == [.accepted])
        // It is forgotten now.
        try pair.server.settle(link.server, DeliveryID(ids[0]), as: .accepted)
        #expect(pair.takeOutput(of: .server) == [])
    }

    @Test func aReceivedStateIsNotFinal() throws {
        let link = try Self.sent(1)
        let pair = link.pair
        let id = DeliveryID(try #require(pair.deliveryIDs(of: .server).first))
        let progress = DeliveryState.received(.init(sectionNumber: 0, sectionOffset: 3))
        try pair.server.settle(link.server, id, as: progress, settled: false)
        pair.drive()
        try pair.server.settle(link.server, id, as: .accepted)
        pair.drive()
        #expect(Self.updates(pair.clientEvents).map(\.1) == [progress, .accepted])
        #expect(Self.updates(pair.clientEvents).map(\.2) == [false, true])
    }

    @Test func settlementsLeaveBeforeTheDetachThatFollowsThem() throws {
        let link = try Self.sent(2)
        let pair = link.pair
        for id in pair.deliveryIDs(of: .server) { try pair.server.settle(link.server, DeliveryID(id), as: .accepted) }
        try pair.server.detach(link.server)
        pair.drive()
        #expect(pair.settledSends(of: .client).count == 2)
        let other = try Self.sent(2)
        for id in other.pair.deliveryIDs(of: .server) {
            try other.pair.server.settle(other.server, DeliveryID(id), as: .accepted)
        }
        other.pair.server.close()
        other.pair.drive()
        #expect(other.pair.settledSends(of: .client).count == 2)
    }

    @Test func deliveriesOfSeveralLinksInterleave() throws {
        let pair = EnginePair.opened()
        let session = try pair.beganSession()
        let first = try pair.client.attachSender(session, SenderOptions(name: "1", target: Target(address: "a")))
        let second = try pair.client.attachSender(session, SenderOptions(name: "2", target: Target(address: "b")))
        pair.drive()
        for link in pair.requestedLinks { try pair.server.setCredit(link, 100) }
        pair.drive()
        for _ in 0..<10 {
            try pair.client.send(first, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0]))
            try pair.client.send(second, OutgoingDelivery(payload: [0, 0x53, 0x75, 0xa0, 0]))
        }
        pair.drive()
        for event in pair.serverEvents {
            guard case .deliveries(let link, let batch) = event, let low = batch.first, let high = batch.last else {
                continue
            }
            try pair.server.settle(
                link,
                from: DeliveryID(low.deliveryID),
                through: DeliveryID(high.deliveryID),
                as: .accepted
            )
        }
        pair.drive()
        var settled: [LinkID: Int] = [:]
        for event in pair.clientEvents {
            if case .deliveryUpdated(let link, let from, let through, _, settled: true) = event {
                settled[link, default: 0] += Int(through.rawValue - from.rawValue) + 1
            }
        }
        #expect(settled == [first: 10, second: 10])
    }
}
