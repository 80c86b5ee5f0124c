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

@testable import EventHubsEmulator

/// What the official Python client sends, byte for byte, and what the service answers.
@Suite("Golden exchange", .timeLimit(.minutes(1)))
struct GoldenExchangeTests {
    private static let saslInit = "0000002602010000005341c01903a309414e4f4e594d4f5553a000a1096c6f63616c686f7374"
    private static let mechanisms =
        "0000003302010000005340c02601e02304a3074d53534243425305504c41494e09414e4f4e594d4f55530845585445524e414c"
    private static let outcome = "0000001002010000005344c003015000"
    private static let begin = "0000002202000001005311c0150840437000010000700001000070ffffffff404040"
    private static let cbsReceiver =
        "0000006b02000001005312c05e0ea12434623238386335352d626339612d343566662d393533372d626639343536653339633938520256"
        + "0150005000005328c0110ba1042463627340404040404040404040005329c00d07a1042463627340404040404040404040404040"

    @Test("the handshake, pipelined as the client does it")
    func handshake() async throws {
        let client = WireClient()
        client.send(hex: WireClient.saslHeader + Self.saslInit + WireClient.amqpHeader)
        client.send(.open(Open(containerID: "EHProducer-1", hostname: "localhost", maxFrameSize: 1_048_576)))
        client.send(hex: Self.begin)
        client.send(hex: Self.cbsReceiver)
        var performatives: [WireClient.Received] = []
        while performatives.count < 3 { performatives.append(try await client.next()) }
        let raw = client.raw.hexadecimal
        #expect(raw.hasPrefix(WireClient.saslHeader + Self.mechanisms + Self.outcome + WireClient.amqpHeader))
        guard case .open(let open) = performatives[0].performative else {
            Issue.record("no open")
            return
        }
        #expect(open.maxFrameSize == 65_536)
        #expect(open.channelMax == 4_999)
        #expect(open.idleTimeOut == 240_000)
        #expect(open.hostname == nil && open.properties == nil)
        #expect(open.containerID.utf8.count >= 34 && open.containerID.contains("_G"))
        guard case .begin(let answer) = performatives[1].performative else {
            Issue.record("no begin")
            return
        }
        #expect(answer.remoteChannel == 1)
        #expect(answer.incomingWindow == 5_000)
        #expect(answer.outgoingWindow == 65_536)
        #expect(answer.handleMax == 255)
        // The attach of the reply link, but for the handle and channel, which are the server's to choose.
        let attach =
            "5312c0640ea12434623238386335352d626339612d343566662d393533372d6266393435366533396339384342"
            + "50005000005328c0110ba1042463627340404040404040404040005329c00d07a10424636273404040404040404043"
            + "80ffffffffffffffff404040"
        #expect(raw.hasSuffix(attach))
    }

    @Test("other protocols are answered with what is spoken here")
    func protocolHeaders() async {
        let client = WireClient()
        client.send(hex: "485454502f312e31")
        await client.waitForEnd()
        #expect([WireClient.saslHeader, WireClient.amqpHeader].contains(client.raw.hexadecimal))
    }

    @Test("a wrong key is refused")
    func wrongKey() async throws {
        let client = WireClient()
        var writer = ByteWriter()
        let response: [UInt8] = [0] + Array("RootManageSharedAccessKey".utf8) + [0] + Array("wrong".utf8)
        FrameEncoder.write(.saslInit(SASLInit(mechanism: "PLAIN", initialResponse: response)), into: &writer)
        client.send(hex: WireClient.saslHeader)
        client.send(writer.bytes)
        await client.waitForEnd()
        #expect(client.raw.hexadecimal.hasSuffix("0000001002010000005344c003015001"))
    }

    @Test("the Python client's batch is stored and comes back as the service sends events")
    func batch() async throws {
        let client = try await WireClient.connected()
        let attach = try await client.attachSender("amqps://localhost:44371/hub1/Partitions/0")
        #expect(attach.maxMessageSize == 1_048_576)
        #expect(attach.sndSettleMode == .unsettled && attach.rcvSettleMode == .second)
        #expect(attach.initialDeliveryCount == nil)
        let state = try await client.deliver(
            IncomingEventsTests.pythonBatch,
            id: 0,
            format: IncomingEvents.batchFormat
        )
        #expect(state == .accepted)
        let receiver = try await client.attachReceiver("hub1/ConsumerGroups/$Default/Partitions/0")
        #expect(receiver.sndSettleMode == .settled)
        #expect(receiver.initialDeliveryCount == 0)
        #expect(receiver.source?.address == "hub1/ConsumerGroups/$Default/Partitions/0")
        client.grant(10)
        let (transfer, payload) = try await client.nextTransfer()
        #expect(transfer.settled == true)
        #expect(transfer.deliveryTag?.isEmpty == true)
        #expect(transfer.messageFormat == 0)
        #expect(!transfer.more)
        let message = try Message(decoding: payload)
        #expect(message.messageAnnotations?[symbol: "x-opt-partition-key"] == .string("pk1"))
        #expect(message.messageAnnotations?[symbol: "x-opt-offset"] == .string("0"))
        #expect(message.header == nil)
        #expect(message.body == .data([Array("hello".utf8)]))
        let (second, _) = try await client.nextTransfer()
        #expect(second.deliveryID == 1)
        // Eleven fields, as some clients insist.
        #expect(client.raw.hexadecimal.contains("005314c0"))
    }
}
