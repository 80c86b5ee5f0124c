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

/// Forms of the specification that the service does not use.
@Suite struct SpecificationFrameTests {
    private func performative(_ name: String) throws -> Performative {
        try decodePerformative(name, in: "Frames/specification.hex")
    }

    @Test(arguments: ["open minimal", "open symbolic", "open full ulong"])
    func absentFieldsHaveTheirDefaults(_ name: String) throws {
        let expected = Open(containerID: "a", maxFrameSize: .max, channelMax: .max)
        #expect(try self.performative(name) == .open(expected))
    }

    @Test func multipleFields() throws {
        let expected = Open(
            containerID: "c",
            hostname: "h",
            maxFrameSize: 512,
            channelMax: 7,
            idleTimeOut: 100,
            outgoingLocales: ["en-US"],
            offeredCapabilities: ["a", "b"],
            properties: [.symbol("product"): "p"]
        )
        #expect(try self.performative("open with properties") == .open(expected))
    }

    @Test func extendedHeaders() throws {
        #expect(try decodeFrame("empty with an extended header", in: "Frames/specification.hex").frame.body == .empty)
        let begin = try decodeFrame("begin with an extended header", in: "Frames/specification.hex").frame
        #expect(begin.channel == 9)
        let expected = Begin(remoteChannel: 3, nextOutgoingID: 0, incomingWindow: 10, outgoingWindow: 20)
        #expect(try self.performative("begin with an extended header") == .begin(expected))
    }

    @Test func coordinator() throws {
        guard case .attach(let attach) = try self.performative("attach coordinator") else {
            Issue.record("no attach")
            return
        }
        #expect(attach.target == nil)
        #expect(
            attach.unknownTarget
                == AMQPDescribed(descriptor: .ulong(0x30), value: [.symbol("amqp:local-transactions")])
        )
        #expect(attach.source == Source())
    }

    @Test func terminusFields() throws {
        guard case .attach(let attach) = try self.performative("attach with every terminus field") else {
            Issue.record("no attach")
            return
        }
        let source = Source(
            address: "q",
            durable: .unsettledState,
            expiryPolicy: "never",
            timeout: 30,
            dynamicNodeProperties: [.symbol("k"): "v"],
            distributionMode: "copy",
            filter: [.symbol("f"): .described(.symbol("f"), "x")],
            defaultOutcome: .released,
            outcomes: ["amqp:a:lst"],
            capabilities: ["cap"]
        )
        #expect(attach.source == source)
        #expect(attach.target == Target(address: "t", expiryPolicy: "session-end", dynamic: true))
        #expect(attach.unsettled == [.binary([1]): .described(.ulong(0x24), [])])
        #expect(attach.maxMessageSize == 255)
        #expect(attach.properties == [:])
    }

    @Test func sessionFlow() throws {
        let expected = Flow(incomingWindow: 4096, nextOutgoingID: 0, outgoingWindow: 4096)
        #expect(try self.performative("flow for a session") == .flow(expected))
    }

    @Test func transfers() throws {
        guard case .transfer(let first) = try self.performative("transfer first of two"),
            case .transfer(let last) = try self.performative("transfer last of two"),
            case .transfer(let aborted) = try self.performative("transfer aborted"),
            case .transfer(let resumed) = try self.performative("transfer with a state")
        else {
            Issue.record("no transfers")
            return
        }
        #expect(first.more && first.settled == false && first.deliveryTag == [0, 1])
        #expect(last == Transfer(handle: 0))
        #expect(last.settled == nil)
        #expect(aborted.aborted)
        #expect(resumed.resume && resumed.rcvSettleMode == .second)
        #expect(resumed.state == .received(.init(sectionNumber: 0, sectionOffset: 16)))
    }

    @Test func dispositions() throws {
        func state(_ name: String) throws -> DeliveryState? {
            guard case .disposition(let disposition) = try self.performative(name) else { return nil }
            return disposition.state
        }
        let error = AMQPErrorInfo(condition: .decodeError, description: "bad")
        #expect(try state("disposition rejected") == .rejected(error))
        #expect(try state("disposition released") == .released)
        let modified = DeliveryState.Modified(
            deliveryFailed: true,
            undeliverableHere: true,
            messageAnnotations: [.symbol("a"): .int(-1)]
        )
        #expect(try state("disposition modified") == .modified(modified))
        let accepted = AMQPValue.described(.ulong(0x24), [])
        let transactional = AMQPDescribed(descriptor: .ulong(0x34), value: [.binary([7]), accepted])
        #expect(try state("disposition transactional") == .unknown(transactional))
        #expect(try state("disposition without state") == nil)
    }

    @Test func endings() throws {
        #expect(try self.performative("end") == .end(End()))
        #expect(
            try self.performative("end with an error")
                == .end(End(error: AMQPErrorInfo(condition: .windowViolation)))
        )
        #expect(try self.performative("close") == .close(Close()))
        #expect(
            try self.performative("close with an error")
                == .close(Close(error: AMQPErrorInfo(condition: .connectionForced, description: "idle")))
        )
        let error = AMQPErrorInfo(
            condition: .detachForced,
            description: "idle",
            info: [.symbol("k"): .long(5)]
        )
        #expect(
            try self.performative("detach with an error")
                == .detach(Detach(handle: 7, closed: true, error: error))
        )
    }

    @Test func sasl() throws {
        func body(_ name: String) throws -> Frame.Body {
            try decodeFrame(name, in: "Frames/specification.hex").frame.body
        }
        #expect(try body("sasl-mechanisms single") == .sasl(.mechanisms(.init(mechanisms: ["PLAIN"]))))
        let plain = SASLInit(mechanism: "PLAIN", initialResponse: Array("\0user\0password".utf8))
        #expect(try body("sasl-init PLAIN") == .sasl(.saslInit(plain)))
        #expect(try body("sasl-challenge") == .sasl(.challenge(.init(challenge: [1, 2, 3]))))
        #expect(try body("sasl-response") == .sasl(.response(.init(response: []))))
        let outcome = SASLOutcome(code: .auth, additionalData: Array("no".utf8))
        #expect(try body("sasl-outcome auth") == .sasl(.outcome(outcome)))
    }

    @Test func refusalsAreWrittenInFull() {
        // role receiver, first 1, last 2, settled, rejected { error { condition, description, info = null } }, null
        var writer = ByteWriter()
        Disposition(
            role: .receiver,
            first: 1,
            last: 2,
            settled: true,
            state: .rejected(AMQPErrorInfo(condition: "a:b", description: "c"))
        ).encode(into: &writer)
        #expect(
            writer.bytes
                == hex("005315 c0 1d 06 41 5201 5202 41 005325 c0 10 01 00531d c0 0a 03 a303613a62 a10163 40 40")
        )
    }
}
