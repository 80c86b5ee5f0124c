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

@Suite struct MultiFramePairTests {
    static func configurations(clientFrame: UInt32, serverFrame: UInt32) -> (EngineConfiguration, EngineConfiguration) {
        var client = EngineConfiguration.testClient()
        var server = EngineConfiguration.testServer()
        client.maxFrameSize = clientFrame
        server.maxFrameSize = serverFrame
        return (client, server)
    }

    static func body(_ size: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test(
        arguments: [(512, 512), (512, 65_536), (65_536, 512), (4_096, 1_000)] as [(UInt32, UInt32)],
        [0, 1, 400, 470, 512, 5_000, 100_000]
    )
    func anySizePassesBothWays(frames: (UInt32, UInt32), size: Int) throws {
        let (client, server) = Self.configurations(clientFrame: frames.0, serverFrame: frames.1)
        let pair = EnginePair.opened(client: client, server: server)
        let sender = try PairedLink.clientSends(on: pair)
        let receiver = try PairedLink.clientReceives(on: pair)
        try pair.server.setCredit(sender.server, 10)
        try pair.client.setCredit(receiver.client, 10)
        pair.drive()
        let message = TransferPairTests.message(Self.body(size))
        let tag: [UInt8] = [1, 2, 3]
        for _ in 0..<2 {
            try pair.client.send(
                sender.client,
                OutgoingDelivery(payload: message, tag: tag, messageFormat: 0x8001_3700)
            )
            try pair.server.send(receiver.server, OutgoingDelivery(payload: message))
        }
        pair.drive()
        #expect(pair.payloads(of: .server) == [message, message])
        #expect(pair.payloads(of: .client) == [message, message])
        let deliveries = pair.serverEvents.flatMap { event -> [Delivery] in
            if case .deliveries(_, let batch) = event { Array(batch) } else { [] }
        }
        #expect(deliveries.map(\.deliveryTag) == [tag, tag])
        #expect(deliveries.map(\.messageFormat) == [0x8001_3700, 0x8001_3700])
        for delivery in deliveries {
            try pair.server.settle(sender.server, DeliveryID(delivery.deliveryID), as: .accepted)
        }
        pair.drive()
        #expect(pair.settledSends(of: .client).count == 2)
    }

    @Test func fourMebibytes() throws {
        let link = try PairedLink.clientSends()
        let pair = link.pair
        try pair.server.setCredit(link.server, 1)
        pair.drive()
        let message = TransferPairTests.message([UInt8](repeating: 5, count: 4 << 20))
        try pair.client.send(link.client, OutgoingDelivery(payload: message))
        pair.drive()
        let isSame = pair.payloads(of: .server) == [message]
        #expect(isSame)
    }

    @Test func aWindowOfOneCarriesAManyFrameMessage() throws {
        let (client, server) = Self.configurations(clientFrame: 512, serverFrame: 512)
        let pair = EnginePair.opened(client: client, server: server)
        pair.serverSessionOptions.incomingWindow = 1
        let link = try PairedLink.clientSends(on: pair)
        try pair.server.setCredit(link.server, 1)
        pair.drive()
        let message = TransferPairTests.message(Self.body(20_000))
        try pair.client.send(link.client, OutgoingDelivery(payload: message))
        pair.drive()
        #expect(pair.payloads(of: .server) == [message])
    }

    @Test func largeMessagesOfSeveralLinksInterleave() throws {
        let (client, server) = Self.configurations(clientFrame: 512, serverFrame: 512)
        let pair = EnginePair.opened(client: client, server: server)
        pair.serverSessionOptions.incomingWindow = 5
        let session = try pair.beganSession()
        var links: [LinkID] = []
        for number in 0..<3 {
            links.append(
                try pair.client.attachSender(session, SenderOptions(name: "\(number)", target: Target(address: "a")))
            )
        }
        pair.drive()
        for link in pair.requestedLinks { try pair.server.setCredit(link, 10) }
        pair.drive()
        for (number, link) in links.enumerated() {
            for _ in 0..<2 {
                try pair.client.send(
                    link,
                    OutgoingDelivery(payload: TransferPairTests.message(Self.body(3_000, seed: UInt64(number))))
                )
            }
        }
        pair.drive()
        let expected = (0..<3).map { TransferPairTests.message(Self.body(3_000, seed: UInt64($0))) }
        let received = pair.payloads(of: .server)
        #expect(received.count == 6)
        for message in expected { #expect(received.filter { $0 == message }.count == 2) }
    }

    @Test func theSendersLimitIsThePeers() throws {
        let pair = EnginePair.opened()
        pair.acceptance.maxMessageSize = 1_000
        let link = try PairedLink.clientSends(on: pair)
        try pair.server.setCredit(link.server, 1)
        pair.drive()
        #expect(throws: UsageError.messageTooLarge(limit: 1_000)) {
            try pair.client.send(link.client, OutgoingDelivery(payload: [UInt8](repeating: 0, count: 1_001)))
        }
        #expect(throws: UsageError.invalidDeliveryTag) {
            try pair.client.send(link.client, OutgoingDelivery(payload: [], tag: [UInt8](repeating: 0, count: 33)))
        }
        #expect(throws: UsageError.invalidDeliveryTag) {
            try pair.client.send(link.client, OutgoingDelivery(payload: [], tag: []))
        }
    }
}
