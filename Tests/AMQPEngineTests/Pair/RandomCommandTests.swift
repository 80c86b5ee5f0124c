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

/// Random commands at both ends, from a seed, with what must always hold.
@Suite struct RandomCommandTests {
    /// What one end of the pair is doing.
    struct Side {
        var sessions: [SessionID] = []
        var senders: [LinkID] = []
        var receivers: [LinkID] = []
        /// How many deliveries were sent unsettled on each link, and the numbers that were settled.
        var unsettled: [LinkID: Int] = [:]
        var settled: [LinkID: [Int]] = [:]
        var detached: [LinkID: Int] = [:]
        var attached: Set<LinkID> = []
        var ends: [ConnectionEnd] = []
    }

    final class World {
        let pair: EnginePair
        var random: SeededGenerator
        var sides: [Side] = [Side(), Side()]
        var names = 0

        init(seed: UInt64) {
            var client = EngineConfiguration.testClient()
            var server = EngineConfiguration.testServer()
            random = SeededGenerator(seed: seed)
            client.maxFrameSize = UInt32.random(in: 512...2_000, using: &random)
            server.maxFrameSize = UInt32.random(in: 512...2_000, using: &random)
            client.limits.outputHighWater = 4_000
            server.limits.outputHighWater = 4_000
            pair = EnginePair(client: client, server: server)
            pair.serverSessionOptions.incomingWindow = UInt32.random(in: 1...20, using: &random)
            pair.onClientEvent = { [unowned self] _, event in note(event, side: 0) }
            pair.onServerEvent = { [unowned self] _, event in note(event, side: 1) }
        }

        func withEngine<Result>(_ side: Int, _ body: (inout Engine) throws -> Result) rethrows -> Result {
            side == 0 ? try body(&pair.client) : try body(&pair.server)
        }

        func note(_ event: EngineEvent, side: Int) {
            switch event {
            case .sessionRequested(let session, _):
                sides[side].sessions.append(session)
                if side == 0 { try? pair.client.acceptSession(session) }
            case .sessionBegan(let session, _): sides[side].sessions.append(session)
            case .sessionEnded(let session, let end):
                sides[side].sessions.removeAll { $0 == session }
                if case .violation(let violation) = end { Issue.record("violation: \(violation)") }
            case .linkRequested(let link, _, _):
                if side == 0 { try? pair.client.acceptLink(link) }
                add(link, side: side)
            case .linkAttached(let link, _): add(link, side: side)
            case .linkDetached(let link, let end):
                sides[side].detached[link, default: 0] += 1
                sides[side].senders.removeAll { $0 == link }
                sides[side].receivers.removeAll { $0 == link }
                if case .violation(let violation) = end { Issue.record("violation: \(violation)") }
            case .deliveryUpdated(let link, let first, let last, _, settled: true):
                for number in first.rawValue...last.rawValue {
                    sides[side].settled[link, default: []].append(Int(number))
                }
            case .deliveries(let link, let batch):
                // Some are settled at once, in some order, some later by range.
                let ids = batch.map { DeliveryID($0.deliveryID) }.shuffled(using: &random)
                for id in ids where Bool.random(using: &random) {
                    withEngine(side) { try? $0.settle(link, id, as: .accepted) }
                }
            case .connectionClosed(let end): sides[side].ends.append(end)
            default: break
            }
        }

        private func add(_ link: LinkID, side: Int) {
            sides[side].attached.insert(link)
            if link.isSender { sides[side].senders.append(link) } else { sides[side].receivers.append(link) }
        }

        func step() {
            let side = Int.random(in: 0...1, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0:
                _ = try? withEngine(side) { try $0.beginSession() }
            case 1:
                guard let session = sides[side].sessions.randomElement(using: &random) else { return }
                names += 1
                let name = "\(names)"
                if Bool.random(using: &random) {
                    let options = SenderOptions(name: name, target: Target(address: "a"))
                    _ = try? withEngine(side) { try $0.attachSender(session, options) }
                } else {
                    var options = ReceiverOptions(name: name, source: Source(address: "a"))
                    options.receiverSettleMode = Bool.random(using: &random) ? .first : .second
                    _ = try? withEngine(side) { try $0.attachReceiver(session, options) }
                }
            case 2...8:
                guard let link = sides[side].senders.randomElement(using: &random) else { return }
                let size = Int.random(in: 0..<6_000, using: &random)
                let settled = Int.random(in: 0..<4, using: &random) == 0
                let delivery = OutgoingDelivery(
                    payload: TransferPairTests.message([UInt8](repeating: 1, count: size)),
                    settled: settled
                )
                guard (try? withEngine(side, { try $0.send(link, delivery) })) != nil, !settled else { return }
                sides[side].unsettled[link, default: 0] += 1
            case 9...12:
                guard let link = sides[side].receivers.randomElement(using: &random) else { return }
                let credit = UInt32.random(in: 0...8, using: &random)
                withEngine(side) { try? $0.setCredit(link, credit) }
            case 13:
                guard let link = sides[side].receivers.randomElement(using: &random) else { return }
                withEngine(side) { try? $0.drain(link) }
            case 14:
                guard let link = sides[side].receivers.randomElement(using: &random) else { return }
                withEngine(side) {
                    try? $0.settle(link, from: DeliveryID(0), through: DeliveryID(100_000), as: .released)
                }
            case 15 where Int.random(in: 0..<6, using: &random) == 0:
                guard let link = (sides[side].senders + sides[side].receivers).randomElement(using: &random) else {
                    return
                }
                let closed = Bool.random(using: &random)
                withEngine(side) { try? $0.detach(link, closed: closed) }
            case 16 where Int.random(in: 0..<10, using: &random) == 0:
                guard let session = sides[side].sessions.randomElement(using: &random) else { return }
                withEngine(side) { try? $0.endSession(session) }
            case 17: pair.advance(by: .seconds(Int.random(in: 0...20, using: &random)))
            default: carrySome()
            }
        }

        /// Carries a few bytes each way, so that frames are cut and commands cross on the wire.
        private func carrySome() {
            pair.chunk = Int.random(in: 1...3_000, using: &random)
            pair.carry(from: .client)
            pair.carry(from: .server)
            pair.drainEvents()
            pair.chunk = .max
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func whateverIsCommanded(seed: UInt64) {
        let world = World(seed: seed)
        let pair = world.pair
        pair.client.open()
        pair.drive()
        for _ in 0..<600 { world.step() }
        pair.drive()
        // Everything that may still be sent is, and everything is settled.
        for _ in 0..<20 {
            for side in 0...1 {
                for link in world.sides[side].receivers {
                    world.withEngine(side) {
                        try? $0.setCredit(link, 1_000)
                        try? $0.settle(link, from: DeliveryID(0), through: DeliveryID(100_000), as: .accepted)
                    }
                }
            }
            pair.drive()
        }
        for side in 0...1 {
            for link in world.sides[side].senders {
                #expect(world.withEngine(side) { $0.pendingCount(of: link) } == 0)
            }
        }
        for side in world.sides {
            for link in side.senders {
                #expect(side.settled[link, default: []].count == side.unsettled[link, default: 0])
            }
        }
        pair.client.close()
        pair.drive()
        for side in world.sides {
            #expect(side.ends.count == 1)
            for (_, numbers) in side.settled { #expect(Set(numbers).count == numbers.count, "settled twice") }
            for link in side.attached { #expect(side.detached[link] == 1) }
        }
        #expect(world.sides[0].ends == [.closedLocally(answer: nil)])
        #expect(world.sides[1].ends == [.closedByPeer(nil)])
        #expect(pair.client.isFinished == true)
        #expect(pair.server.isFinished == true)
        #expect(pair.client.sessions.count == 0)
        #expect(pair.client.senders.count + pair.client.receivers.count == 0)
        #expect(pair.server.sessions.count == 0)
        #expect(pair.server.senders.count + pair.server.receivers.count == 0)
    }
}
