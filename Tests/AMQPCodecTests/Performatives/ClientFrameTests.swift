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

/// What the official Python client sends, field by field.
@Suite struct ClientFrameTests {
    @Test func saslInit() throws {
        let frame = try decodeFrame("sasl-init (client)").frame
        #expect(frame.header.type == .sasl)
        let expected = SASLInit(mechanism: "ANONYMOUS", initialResponse: [], hostname: "localhost")
        #expect(frame.body == .sasl(.saslInit(expected)))
    }

    @Test func begin() throws {
        let expected = Begin(nextOutgoingID: 0, incomingWindow: 65536, outgoingWindow: 65536, handleMax: .max)
        #expect(try decodePerformative("begin (client)") == .begin(expected))
        #expect(try decodeFrame("begin (client)").frame.channel == 1)
    }

    @Test func receiverAttachOnCBS() throws {
        let expected = Attach(
            name: "4b288c55-bc9a-45ff-9537-bf9456e39c98",
            handle: 2,
            role: .receiver,
            sndSettleMode: .unsettled,
            rcvSettleMode: .first,
            source: Source(address: "$cbs"),
            target: Target(address: "$cbs")
        )
        guard case .attach(let attach) = try decodePerformative("attach $cbs receiver (client)") else {
            Issue.record("no attach")
            return
        }
        #expect(attach == expected)
    }

    @Test func senderAttach() throws {
        guard case .attach(let attach) = try decodePerformative("attach event sender (client)") else {
            Issue.record("no attach")
            return
        }
        #expect(attach.role == .sender)
        #expect(attach.handle == 3)
        #expect(attach.sndSettleMode == .unsettled)
        #expect(attach.rcvSettleMode == .second)
        #expect(attach.target == Target(address: "amqps://localhost:44371/hub1"))
        #expect(attach.initialDeliveryCount == 0)
        #expect(attach.maxMessageSize == 0)
        #expect(attach.properties == [.symbol("com.microsoft:timeout"): .long(60)])
    }

    @Test func receiverAttach() throws {
        guard case .attach(let attach) = try decodePerformative("attach event receiver (client)") else {
            Issue.record("no attach")
            return
        }
        #expect(attach.role == .receiver)
        #expect(attach.source?.address == "amqps://localhost:37121/hub1/ConsumerGroups/$Default/Partitions/0")
        let filter: Symbol = "apache.org:selector-filter:string"
        let selector = AMQPValue.described(.symbol(filter), "amqp.annotation.x-opt-offset > '-1'")
        #expect(attach.source?.filter == [.symbol(filter): selector])
        #expect(attach.maxMessageSize == 1_048_576)
        #expect(attach.offeredCapabilities.isEmpty)
        #expect(
            attach.desiredCapabilities == [
                "com.microsoft:enable-receiver-runtime-metric", "com.microsoft:georeplication",
            ]
        )
        #expect(attach.properties?[symbol: "com.microsoft:epoch"] == .long(5))
        #expect(attach.properties?[symbol: "com.microsoft:timeout"] == .long(0))
    }

    @Test func flows() throws {
        var expected = Flow(
            nextIncomingID: 2,
            incomingWindow: 65535,
            nextOutgoingID: 1,
            outgoingWindow: 65535,
            handle: 3,
            deliveryCount: 0,
            linkCredit: 0
        )
        #expect(try decodePerformative("flow with credit 0 (client)") == .flow(expected))
        expected.linkCredit = 300
        #expect(try decodePerformative("flow with credit 300 (client)") == .flow(expected))
    }

    @Test func batchTransfer() throws {
        let (frame, payload) = try decodeFrame("transfer batch (client)")
        guard case .amqp(.transfer(let transfer), _) = frame.body else {
            Issue.record("no transfer")
            return
        }
        #expect(transfer.handle == 3)
        #expect(transfer.deliveryID == 1)
        #expect(transfer.deliveryTag == [0, 0, 0, 1])
        #expect(transfer.messageFormat == 0x8001_3700)
        #expect(transfer.settled == false)
        #expect(!transfer.more)
        let envelope = try Message(decoding: payload)
        #expect(envelope.header == Header(durable: true))
        #expect(envelope.messageAnnotations == [.symbol("x-opt-partition-key"): "pk1"])
        guard case .data(let sections) = envelope.body else {
            Issue.record("no data")
            return
        }
        let events = try sections.map { try Message(decoding: $0) }
        #expect(events.map(\.body) == [.data([Array("hello".utf8)]), .data([Array("world".utf8)])])
        #expect(events[0].applicationProperties == nil)
        #expect(events[1].applicationProperties == ["a": .int(1)])
        #expect(events[1].messageAnnotations == [.symbol("x-opt-partition-key"): "pk1"])
    }
}
