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

/// Sending straight from the sender's memory: `sendSettled`.
@Suite struct SettledSendingPairTests {
    private func send(_ message: [UInt8], prefix: [UInt8] = [], on link: PairedLink) throws -> SettledSendResult {
        try message.withUnsafeBytes { try link.pair.server.sendSettled(link.server, prefix: prefix, message: $0) }
    }

    private func grants(_ pair: EnginePair) -> Int {
        pair.serverEvents.count { if case .creditAvailable = $0 { true } else { false } }
    }

    @Test func deliveriesGoOutUntilCreditIsUsedUp() throws {
        let link = try PairedLink.clientReceives()
        let message = TransferPairTests.message([1])
        #expect(try send(message, on: link) == .noCredit)
        try link.pair.client.setCredit(link.client, 2)
        link.pair.drive()
        let metadata: [UInt8] = [0x00, 0x53, 0x71, 0xc1, 0x01, 0x00]
        #expect(try send(message, on: link) == .sent)
        #expect(try send(message, prefix: metadata, on: link) == .sent)
        #expect(try send(message, on: link) == .noCredit)
        link.pair.drive()
        #expect(link.pair.payloads(of: .client) == [message, metadata + message])
        let batches = link.pair.clientEvents.compactMap { event -> DeliveryBatch? in
            if case .deliveries(_, let batch) = event { batch } else { nil }
        }
        #expect(
            batches.allSatisfy { $0.allSatisfy { $0.isSettled && $0.deliveryTag.isEmpty && $0.messageFormat == 0 } }
        )
        #expect(link.pair.client.credit(of: link.client) == 0)
    }

    @Test func aFullOutputIsReportedOnceItHasEmptied() throws {
        let link = try PairedLink.clientReceives()
        try link.pair.client.setCredit(link.client, 10_000)
        link.pair.drive()
        let message = TransferPairTests.message([UInt8](repeating: 7, count: 10_000))
        var sent = 0
        while try send(message, on: link) == .sent { sent += 1 }
        #expect(sent > 50 && sent < 1_000)
        #expect(try send(message, on: link) == .noRoom)
        let before = grants(link.pair)
        link.pair.drive()
        #expect(grants(link.pair) == before + 1)
        #expect(try send(message, on: link) == .sent)
        link.pair.drive()
        #expect(link.pair.payloads(of: .client).count == sent + 1)
    }

    @Test func aMessageOfSeveralFramesHoldsTheNextOnesBack() throws {
        let link = try PairedLink.clientReceives()
        try link.pair.client.setCredit(link.client, 10)
        link.pair.drive()
        let large = TransferPairTests.message((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
        let small = TransferPairTests.message([1])
        #expect(try send(large, prefix: [], on: link) == .sent)
        #expect(try send(small, on: link) == .noRoom)
        let before = grants(link.pair)
        link.pair.drive()
        #expect(grants(link.pair) > before)
        #expect(try send(small, on: link) == .sent)
        link.pair.drive()
        #expect(link.pair.payloads(of: .client) == [large, small])
    }

    @Test func theEndOfTheStreamDropsWhatWaits() throws {
        let link = try PairedLink.clientReceives()
        try link.pair.client.setCredit(link.client, 10)
        link.pair.drive()
        #expect(try send(TransferPairTests.message([1]), on: link) == .sent)
        link.pair.server.receiveEnded(at: link.pair.now)
        let rest = link.pair.takeOutput(of: .server)
        #expect(rest.isEmpty)
    }

    @Test func aLinkOfTheWrongDirectionIsUnknown() throws {
        let link = try PairedLink.clientReceives()
        #expect(throws: UsageError.unknownLink) {
            _ = try [UInt8(1)].withUnsafeBytes { try link.pair.client.sendSettled(link.client, message: $0) }
        }
    }
}
