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

/// What the service sends, field by field.
@Suite struct ServiceFrameTests {
    @Test func saslMechanismsAndOutcome() throws {
        let mechanisms = try decodeFrame("sasl-mechanisms (service)").frame
        let expected = SASLMechanisms(mechanisms: ["MSSBCBS", "PLAIN", "ANONYMOUS", "EXTERNAL"])
        #expect(mechanisms.body == .sasl(.mechanisms(expected)))
        #expect(try decodeFrame("sasl-outcome (service)").frame.body == .sasl(.outcome(SASLOutcome(code: .ok))))
    }

    @Test func open() throws {
        let containerID = String(repeating: "0", count: 32) + "_G7"
        let expected = Open(
            containerID: containerID,
            maxFrameSize: 65536,
            channelMax: 4999,
            idleTimeOut: 240_000
        )
        #expect(try decodePerformative("open (service)") == .open(expected))
    }

    @Test func begin() throws {
        let expected = Begin(
            remoteChannel: 1,
            nextOutgoingID: 1,
            incomingWindow: 5000,
            outgoingWindow: 65536,
            handleMax: 255
        )
        #expect(try decodePerformative("begin (service)") == .begin(expected))
    }

    @Test func refusal() throws {
        guard case .attach(let attach) = try decodePerformative("attach refused (service)") else {
            Issue.record("no attach")
            return
        }
        #expect(attach.source == nil && attach.target == nil && attach.unknownTarget == nil)
        #expect(attach.sndSettleMode == .mixed)
        guard case .detach(let detach) = try decodePerformative("detach stolen (service)") else {
            Issue.record("no detach")
            return
        }
        #expect(detach.handle == 3)
        #expect(detach.closed)
        #expect(detach.error?.condition == .linkStolen)
        #expect(detach.error?.description == "Receiver 'nil' with a higher epoch '1' already exists.")
    }

    @Test func senderAttachReply() throws {
        guard case .attach(let attach) = try decodePerformative("attach event sender (service)") else {
            Issue.record("no attach")
            return
        }
        #expect(attach.role == .receiver)
        #expect(attach.maxMessageSize == 1_048_576)
        #expect(attach.initialDeliveryCount == nil)
    }

    @Test func accepted() throws {
        let expected = Disposition(role: .receiver, first: 0, settled: true, state: .accepted)
        #expect(try decodePerformative("disposition accepted (service)") == .disposition(expected))
    }

    @Test func credit() throws {
        let expected = Flow(
            nextIncomingID: 0,
            incomingWindow: 5000,
            nextOutgoingID: 1,
            outgoingWindow: 5000,
            handle: 1,
            deliveryCount: 0,
            linkCredit: 100,
            available: 0
        )
        #expect(try decodePerformative("flow to the $cbs sender (service)") == .flow(expected))
    }

    @Test func putTokenReply() throws {
        let (_, payload) = try decodeFrame("transfer put-token reply (service)")
        let message = try Message(decoding: payload)
        #expect(message.applicationProperties?[string: "status-code"] == .int(202))
        #expect(message.applicationProperties?[string: "status-description"] == "Accepted")
        let uuid = try #require(UUIDBytes("20af5e68-654c-48de-8285-604cab5ad40e"))
        #expect(message.properties?.correlationID == .uuid(uuid))
    }

    @Test func managementReply() throws {
        let (_, payload) = try decodeFrame("transfer management reply (service)")
        let message = try Message(decoding: payload)
        guard case .value(.map(let map)) = message.body else {
            Issue.record("no map")
            return
        }
        #expect(map[string: "name"] == "hub1")
        #expect(map[string: "partition_count"] == .int(2))
        #expect(map[string: "created_at"]?.timestampValue?.description == "2023-11-14T22:13:20.000Z")
        #expect(map[string: "partition_ids"]?.elementsValue == ["0", "1"])
    }

    @Test func event() throws {
        let (frame, payload) = try decodeFrame("transfer event (service)")
        guard case .amqp(.transfer(let transfer), let range) = frame.body else {
            Issue.record("no transfer")
            return
        }
        #expect(transfer.deliveryTag == [])
        #expect(transfer.settled == true)
        #expect(transfer.batchable)
        #expect(range.upperBound == 291)
        let message = try Message(decoding: payload)
        #expect(message.messageAnnotations?[symbol: "x-opt-sequence-number"] == .long(12497))
        #expect(message.messageAnnotations?[symbol: "x-opt-offset"] == "1208024")
        #expect(message.deliveryAnnotations?[symbol: "last_enqueued_offset"] == "1304024")
        #expect(message.properties == Properties())
        #expect(message.body == .data([Array("\"Hello foo 0\"".utf8)]))
        // Everything in it is in our own form, but for the wide `long` that we would write short.
        #expect(try Message(decoding: message.encoded()) == message)
    }
}
