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

/// Damaged and random bytes: no trap, no hang, one end at most.
@Suite struct GarbageTests {
    static let handshake =
        ProtocolHeader.amqp.bytes + LoneEngine.frame(.open(Open(containerID: "peer")))
        + LoneEngine.frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 100, outgoingWindow: 100)))
        + LoneEngine.frame(
            .attach(
                Attach(
                    name: "l",
                    handle: 0,
                    role: .sender,
                    source: Source(address: "a"),
                    target: Target(address: "b"),
                    initialDeliveryCount: 0
                )
            )
        )
    static let conversation =
        handshake
        + LoneEngine.frame(
            .transfer(Transfer(handle: 0, deliveryID: 0, deliveryTag: [1], messageFormat: 0, settled: false)),
            payload: [0x00, 0x53, 0x75, 0xa0, 2, 8, 9]
        )
        + LoneEngine.frame(
            .flow(Flow(nextIncomingID: 0, incomingWindow: 9, nextOutgoingID: 1, outgoingWindow: 9, handle: 0))
        )
        + LoneEngine.frame(.detach(Detach(handle: 0, closed: true))) + LoneEngine.frame(.end(End()))
        + LoneEngine.frame(.close(Close()))

    /// Feeds `input` to a server that accepts everything and gives credit; returns how the connection ended.
    static func run(_ input: [UInt8], piece: Int = .max) -> [ConnectionEnd] {
        let lone = LoneEngine(.testServer())
        var ends: [ConnectionEnd] = []
        var rest = input[...]
        while !rest.isEmpty {
            lone.feed(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
            while let event = lone.engine.nextEvent() {
                switch event {
                case .authenticationRequested: lone.engine.completeAuthentication(.ok)
                case .sessionRequested(let session, _): try? lone.engine.acceptSession(session)
                case .linkRequested(let link, _, _):
                    try? lone.engine.acceptLink(link)
                    if !link.isSender { try? lone.engine.setCredit(link, 100) }
                case .deliveries(let link, let batch):
                    for delivery in batch {
                        try? lone.engine.settle(link, DeliveryID(delivery.deliveryID), as: .accepted)
                    }
                case .connectionClosed(let end): ends.append(end)
                default: break
                }
            }
            _ = lone.output()
        }
        lone.engine.receiveEnded(at: lone.now)
        ends += ConnectionPairTests.ends(lone.events())
        #expect(lone.engine.isFinished == true)
        return ends
    }

    @Test func theConversationItselfIsFine() {
        // With one read the delivery arrives before there is credit; piece by piece it does not.
        #expect(Self.run(Self.conversation, piece: 1) == [.closedByPeer(nil)])
    }

    @Test func everyTruncationEndsOnce() {
        for count in 0..<Self.conversation.count {
            let ends = Self.run(Array(Self.conversation.prefix(count)), piece: 50)
            #expect(ends.count == 1)
            if case .streamEnded = ends[0] {} else { Issue.record("\(count): \(ends)") }
        }
    }

    @Test func everyDamagedByteEndsOnce() {
        for position in Self.conversation.indices {
            for change in [0x01, 0x80, 0xff] as [UInt8] {
                var input = Self.conversation
                input[position] ^= change
                #expect(Self.run(input, piece: 64).count == 1)
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func randomBytesEndOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let noise = (0..<Int.random(in: 1..<300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(Self.run(Self.handshake + noise).count == 1)
            #expect(Self.run(noise).count == 1)
        }
    }

    @Test func framesOfIllegalSizeAreFramingErrors() {
        for size in [0, 1, 7, 65_537, .max] as [UInt32] {
            let header = (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + [2, 0, 0, 0]
            guard case .violation(let violation)? = Self.run(Self.handshake + header).first else {
                Issue.record("no violation for \(size)")
                continue
            }
            #expect(violation.condition == .framingError)
            #expect(violation.scope == .connection)
        }
    }

    @Test func undecodableFramesNameTheirPlace() {
        // An open whose container-id is a number.
        let frame = bytes(hex: "0000001a02000000005310c00d0a5201404040404040404040")
        guard case .violation(let violation)? = Self.run(ProtocolHeader.amqp.bytes + frame + [0]).first else {
            Issue.record("no violation")
            return
        }
        #expect(violation.condition == .decodeError || violation.condition == .framingError)
        #expect(violation.description.contains("byte"))
    }

    @Test func headersThatAreNoneAreAnsweredWithOurs() {
        let lone = LoneEngine(.testServer(requiresSASL: true))
        lone.feed([UInt8]("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(lone.output() == ProtocolHeader.sasl.bytes)
        #expect(ConnectionPairTests.ends(lone.events()) == [.protocolMismatch(received: nil)])
        #expect(lone.engine.isFinished == true)
        let client = LoneEngine(.testClient())
        client.engine.open()
        _ = client.output()
        client.feed([UInt8]("HTTP/1.1 400 Bad Request\r\n".utf8))
        #expect(client.output() == [])
        #expect(ConnectionPairTests.ends(client.events()) == [.protocolMismatch(received: nil)])
    }

    @Test func aSASLFrameInPlaceOfAnAMQPFrame() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(bytes(hex: "0000001002010000005344c003015000"))
        #expect(ViolationTests.scopes(lone.events()) == [.connection])
        let client = LoneEngine(.testClient())
        client.engine.open()
        client.feed(ProtocolHeader.sasl.bytes + LoneEngine.frame(.open(Open(containerID: "early"))))
        #expect(ViolationTests.scopes(client.events()) == [.connection])
        #expect(client.engine.isFinished == false || client.engine.outputCount == 0)
    }

    @Test func aStreamThatEndsInTheMiddleSaysSo() {
        #expect(Self.run(Self.handshake + [0, 0, 0, 50, 2]) == [.streamEnded(midFrame: true)])
        #expect(Self.run(Self.handshake) == [.streamEnded(midFrame: false)])
        #expect(Self.run([0x41, 0x4d]) == [.streamEnded(midFrame: true)])
    }
}
