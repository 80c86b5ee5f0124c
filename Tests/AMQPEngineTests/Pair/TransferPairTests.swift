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

@Suite struct TransferPairTests {
    /// An encoded message: one data section.
    static func message(_ body: [UInt8]) -> [UInt8] {
        if body.count < 256 { return [0x00, 0x53, 0x75, 0xa0, UInt8(body.count)] + body }
        let size = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return [0x00, 0x53, 0x75, 0xb0] + size + body
    }

    @Test func aMessageGoesOverAndIsAccepted() throws {
        let link = try PairedLink.clientSends()
        let pair = link.pair
        try pair.server.setCredit(link.server, 10)
        pair.drive()
        let message = Self.message([1, 2, 3])
        let sent = try pair.client.send(link.client, OutgoingDelivery(payload: message))
        pair.drive()
        #expect(pair.payloads(of: .server) == [message])
        let id = try #require(pair.deliveryIDs(of: .server).first)
        try pair.server.settle(link.server, DeliveryID(id), as: .accepted)
        pair.drive()
        #expect(pair.settledSends(of: .client) == [sent])
        #expect(pair.client.credit(of: link.client) == 9)
    }

    @Test func deliveriesWaitForCredit() throws {
        let link = try PairedLink.clientReceives()
        let pair = link.pair
        for number in 0..<10 {
            try pair.server.send(link.server, OutgoingDelivery(payload: Self.message([UInt8(number)]), settled: true))
        }
        pair.drive()
        #expect(pair.payloads(of: .client).isEmpty)
        #expect(pair.server.pendingCount(of: link.server) == 10)
        try pair.client.setCredit(link.client, 4)
        pair.drive()
        #expect(pair.payloads(of: .client).map { $0.last } == [0, 1, 2, 3])
        try pair.client.setCredit(link.client, 100)
        pair.drive()
        #expect(pair.payloads(of: .client).map { $0.last } == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(pair.client.credit(of: link.client) == 94)
    }
}

extension TransferPairTests {
    @Test func aHundredThousandQueuedSendsLeaveInOrder() throws {
        let link = try PairedLink.clientSends()
        let pair = link.pair
        for number in 0..<UInt32(100_000) {
            let body = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            try pair.client.send(link.client, OutgoingDelivery(payload: Self.message(body), settled: true))
        }
        try pair.server.setCredit(link.server, 100_000)
        pair.drive()
        var expected: UInt32 = 0
        for event in pair.serverEvents {
            guard case .deliveries(_, let batch) = event else { continue }
            for delivery in batch {
                let number = delivery.copiedBody.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                if number != expected { Issue.record("\(number) in the place of \(expected)") }
                expected += 1
            }
        }
        #expect(expected == 100_000)
    }

    @Test func pendingSendsAreBounded() throws {
        var configuration = EngineConfiguration.testClient()
        configuration.limits.maximumPendingBytes = 1_000
        configuration.limits.maximumPendingDeliveries = 20
        let link = try PairedLink.clientSends(on: .opened(client: configuration))
        let pair = link.pair
        let large = OutgoingDelivery(payload: [UInt8](repeating: 0, count: 600))
        try pair.client.send(link.client, large)
        #expect(throws: UsageError.tooManyPendingDeliveries) { try pair.client.send(link.client, large) }
        for _ in 0..<19 { try pair.client.send(link.client, OutgoingDelivery(payload: [1])) }
        #expect(throws: UsageError.tooManyPendingDeliveries) {
            try pair.client.send(link.client, OutgoingDelivery(payload: [1]))
        }
        try pair.server.setCredit(link.server, 100)
        pair.drive()
        #expect(pair.payloads(of: .server).count == 20)
        try pair.client.send(link.client, large)
    }

    @Test func unsettledDeliveriesAreBounded() throws {
        var configuration = EngineConfiguration.testClient()
        configuration.limits.maximumUnsettled = 4
        let link = try PairedLink.clientSends(on: .opened(client: configuration))
        let pair = link.pair
        try pair.server.setCredit(link.server, 100)
        pair.drive()
        for number in 0..<10 {
            try pair.client.send(link.client, OutgoingDelivery(payload: Self.message([UInt8(number)])))
        }
        pair.drive()
        #expect(pair.payloads(of: .server).count == 4)
        for id in pair.deliveryIDs(of: .server) { try pair.server.settle(link.server, DeliveryID(id), as: .accepted) }
        pair.drive()
        #expect(pair.payloads(of: .server).count == 8)
    }

    @Test func whatTheStreamDoesNotTakeWaits() throws {
        var configuration = EngineConfiguration.testClient()
        configuration.limits.outputHighWater = 10_000
        let link = try PairedLink.clientSends(on: .opened(client: configuration))
        let pair = link.pair
        try pair.server.setCredit(link.server, 1_000)
        pair.drive()
        for _ in 0..<1_000 {
            try pair.client.send(link.client, OutgoingDelivery(payload: [UInt8](repeating: 1, count: 500)))
        }
        #expect(pair.client.outputCount <= 11_000)
        #expect(pair.client.pendingCount(of: link.client) > 900)
        pair.drive()
        #expect(pair.payloads(of: .server).count == 1_000)
    }

    @Test func whatHasCreditLeavesBeforeTheEnd() throws {
        let link = try PairedLink.clientSends()
        let pair = link.pair
        try pair.server.setCredit(link.server, 1_000)
        pair.drive()
        for _ in 0..<100 {
            try pair.client.send(link.client, OutgoingDelivery(payload: [UInt8](repeating: 1, count: 90_000)))
        }
        try pair.client.detach(link.client)
        pair.drive()
        #expect(pair.payloads(of: .server).count == 100)
    }
}
