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
