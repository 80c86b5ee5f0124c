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
import FixtureSupport
import Testing

/// What the official client writes, field by field: the recording of `Tests/Interop/capture`.
@Suite struct PythonClientFrameTests {
    private static let file = "Frames/python-client.hex"
    private static let selector: Symbol = "apache.org:selector-filter:string"

    private func performative(_ name: String) throws -> Performative {
        try decodePerformative(name, in: Self.file)
    }

    private func attach(_ name: String) throws -> Attach {
        guard case .attach(let attach) = try self.performative(name) else {
            throw FixtureFile.Failure(description: "\(name) is no attach")
        }
        return attach
    }

    private func message(_ name: String) throws -> Message {
        try Message(decoding: decodeFrame(name, in: Self.file).payload)
    }

    @Test func headers() throws {
        for (name, header) in [("header SASL", ProtocolHeader.sasl), ("header AMQP", .amqp)] {
            let bytes = try FixtureFile.load(Self.file, named: name).bytes
            #expect(try decodeStream([bytes]) == [.protocolHeader(header)])
        }
    }

    @Test func open() throws {
        guard case .open(let open) = try self.performative("open producer") else {
            Issue.record("no open")
            return
        }
        #expect(open.containerID.hasPrefix("EHProducer-"))
        #expect(open.hostname == "127.0.0.1")
        #expect(open.maxFrameSize == 1_048_576)
        #expect(open.channelMax == 65_535)
        #expect(open.idleTimeOut == nil)
        #expect(open.properties?[symbol: "version"] == "5.15.1")
        #expect(open.properties?[symbol: "product"] == "azsdk-python-eventhubs")
        guard case .open(let plain) = try self.performative("open management") else {
            Issue.record("no open")
            return
        }
        #expect(plain.properties == nil)
    }

    @Test func linksOfTheNodes() throws {
        for (name, node, role, handle) in [
            ("attach $cbs receiver", "$cbs", Role.receiver, UInt32(2)),
            ("attach $cbs sender", "$cbs", .sender, 1),
            ("attach $management receiver", "$management", .receiver, 4),
            ("attach $management sender", "$management", .sender, 3),
        ] {
            let attach = try self.attach(name)
            #expect(attach.role == role)
            #expect(attach.handle == handle)
            #expect(attach.source?.address == node)
            #expect(attach.target == Target(address: node))
            #expect(attach.initialDeliveryCount == (role == .sender ? 0 : nil))
        }
    }

    /// Before it knows the service's begin, the client's flow names 65536 as the service's window.
    @Test func earlyFlow() throws {
        let expected = Flow(
            nextIncomingID: 0,
            incomingWindow: 65_536,
            nextOutgoingID: 0,
            outgoingWindow: 65_536,
            handle: 2,
            deliveryCount: 0,
            linkCredit: 10_000
        )
        #expect(try self.performative("flow $cbs receiver") == .flow(expected))
    }

    @Test func putToken() throws {
        let message = try self.message("transfer put-token")
        #expect(message.applicationProperties?[string: "operation"] == "put-token")
        #expect(message.applicationProperties?[string: "type"] == "servicebus.windows.net:sastoken")
        #expect(message.applicationProperties?[string: "expiration"]?.timestampValue != nil)
        guard case .value(let value) = message.body, let token = value.textValue else {
            Issue.record("no token in \(message.body)")
            return
        }
        #expect(token.hasPrefix("SharedAccessSignature sr=sb%3A%2F%2F127.0.0.1"))
        #expect(token.contains("&sig=000"), "the signature is not kept")
    }

    @Test func reads() throws {
        let hub = try self.message("transfer read hub").applicationProperties
        #expect(hub?[string: "operation"] == "READ")
        #expect(hub?[string: "type"] == "com.microsoft:eventhub")
        #expect(hub?[string: "name"] == "telemetry")
        #expect(hub?[string: "security_token"] != nil)
        let partition = try self.message("transfer read partition").applicationProperties
        #expect(partition?[string: "type"] == "com.microsoft:partition")
        #expect(partition?[string: "partition"] == "0")
    }

    @Test func senders() throws {
        let hub = try self.attach("attach hub sender")
        #expect(hub.target?.address?.hasSuffix("/telemetry") == true)
        #expect(hub.rcvSettleMode == .second)
        #expect(hub.properties == [.symbol("com.microsoft:timeout"): .long(60)])
        let partition = try self.attach("attach partition sender")
        #expect(partition.target?.address?.hasSuffix("/telemetry/Partitions/1") == true)
    }

    @Test func batchWithKey() throws {
        let envelope = try self.message("transfer batch with key")
        #expect(envelope.messageAnnotations == [.symbol("x-opt-partition-key"): "vehicle-7"])
        guard case .data(let sections) = envelope.body else {
            Issue.record("no data")
            return
        }
        let events = try sections.map { try Message(decoding: $0) }
        #expect(events.map(\.body) == [.data([Array(#"{"n":0}"#.utf8)]), .data([Array("two".utf8)])])
        let properties = Properties(messageID: "m-0", correlationID: "c-0", contentType: "application/json")
        #expect(events[0].properties == properties)
        #expect(events[1].properties == nil)
        #expect(try self.message("transfer batch").messageAnnotations == nil)
    }

    @Test func typedProperties() throws {
        guard case .data(let sections) = try self.message("transfer typed properties").body else {
            Issue.record("no data")
            return
        }
        let event = try Message(decoding: sections[0])
        let expected: AMQPMap = [
            "true": true,
            "int": .int(7),
            "negative": .int(-1),
            "float": .double(1.5),
            "text": "ä",
            "bytes": .binary([0, 1]),
            "uuid": .uuid(try #require(UUIDBytes("12345678-1234-5678-1234-567812345678"))),
            "time": .timestamp(Timestamp(millisecondsSinceEpoch: 1_767_323_045_000)),
            "none": .null,
            "binary key": "v",  // a key of bytes is sent as text
        ]
        #expect(event.applicationProperties == expected)
    }

    /// The server had asked for frames of 512 bytes.
    @Test func deliveryOfThreeFrames() throws {
        var payload: [UInt8] = []
        for (name, more, size) in [
            ("transfer first of many", true, 512), ("transfer second of many", true, 512),
            ("transfer last of many", false, 130),
        ] {
            let (frame, part) = try decodeFrame(name, in: Self.file)
            guard case .amqp(.transfer(let transfer), _) = frame.body else {
                Issue.record("no transfer")
                return
            }
            #expect(transfer.more == more)
            #expect(transfer.deliveryID == 1, "repeated in every frame")
            #expect(transfer.deliveryTag == [0, 0, 0, 1])
            #expect(transfer.messageFormat == 0x8001_3700)
            #expect(frame.header.size == size)
            payload += part
        }
        guard case .data(let sections) = try Message(decoding: payload).body else {
            Issue.record("no data")
            return
        }
        let body = try Message(decoding: sections[0]).body
        #expect(body == .data([(0..<4).flatMap { _ in [UInt8](0...255) }]))
    }

    @Test(arguments: [
        ("attach owner", "amqp.annotation.x-opt-offset > '-1'"),
        ("attach from sequence number", "amqp.annotation.x-opt-sequence-number >= '0'"),
        ("attach from time", "amqp.annotation.x-opt-enqueued-time > '1767323045000'"),
        ("attach from offset", "amqp.annotation.x-opt-offset >= '0'"),
    ])
    func receivers(_ name: String, _ filter: String) throws {
        let attach = try self.attach(name)
        #expect(attach.role == .receiver)
        #expect(attach.source?.address?.hasSuffix("/telemetry/ConsumerGroups/$Default/Partitions/1") == true)
        let described = AMQPValue.described(.symbol(Self.selector), .string(filter))
        #expect(attach.source?.filter == [.symbol(Self.selector): described])
        #expect(attach.properties?[symbol: "com.microsoft:epoch"] == (name == "attach owner" ? .long(3) : nil))
        let wantsMetrics = attach.desiredCapabilities.contains("com.microsoft:enable-receiver-runtime-metric")
        #expect(wantsMetrics == (name == "attach owner"))
    }

    @Test func endings() throws {
        #expect(try self.performative("detach closed") == .detach(Detach(handle: 2, closed: true)))
        #expect(try self.performative("detach after end") == .detach(Detach(handle: 3, closed: false)))
        #expect(try self.performative("end") == .end(End()))
        #expect(try self.performative("close") == .close(Close()))
    }
}
