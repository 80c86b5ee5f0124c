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

/// What a peer does wrong ends the scope that the specification names, and no more.
@Suite struct ViolationTests {
    static let message: [UInt8] = [0x00, 0x53, 0x75, 0xa0, 1, 9]

    static func transfer(
        _ id: UInt32?,
        handle: UInt32 = 0,
        more: Bool = false,
        tag: [UInt8]? = [1],
        settled: Bool = true
    ) -> Performative {
        .transfer(
            Transfer(handle: handle, deliveryID: id, deliveryTag: tag, messageFormat: 0, settled: settled, more: more)
        )
    }

    static func scopes(_ events: [EngineEvent]) -> [ProtocolViolation.Scope] {
        events.compactMap { event in
            switch event {
            case .linkDetached(_, .violation(let violation)), .sessionEnded(_, .violation(let violation)),
                .connectionClosed(.violation(let violation)):
                violation.scope
            default: nil
            }
        }
    }

    @Test func aDeliveryWithoutCreditEndsTheLink() throws {
        let (lone, _, link) = try LoneEngine.attachedServer()
        try lone.engine.setCredit(link, 1)
        _ = lone.output()
        lone.feed(Self.transfer(0), payload: Self.message)
        lone.feed(Self.transfer(1), payload: Self.message)
        let events = lone.events()
        #expect(Self.scopes(events) == [.link])
        #expect(try lone.errors() == [.transferLimitExceeded])
        // What was fine has been delivered, and the session lives.
        #expect(events.contains { if case .deliveries = $0 { true } else { false } })
        lone.feed(Self.transfer(2), payload: Self.message)
        lone.feed(.detach(Detach(handle: 0, closed: true)))
        #expect(lone.events().isEmpty)
        #expect(lone.output() == [])
        #expect(lone.engine.isOpen == true)
    }

    @Test func aTransferIntoAClosedWindowEndsTheSession() throws {
        let pair = LoneEngine(.testServer(mechanisms: []))
        pair.feed(ProtocolHeader.amqp.bytes + LoneEngine.frame(.open(Open(containerID: "peer"))))
        pair.feed(.begin(Begin(nextOutgoingID: 0, incomingWindow: 10, outgoingWindow: 10)))
        pair.feed(
            .attach(
                Attach(
                    name: "l",
                    handle: 0,
                    role: .sender,
                    source: Source(),
                    target: Target(address: "b"),
                    initialDeliveryCount: 0
                )
            )
        )
        for event in pair.events() {
            switch event {
            case .sessionRequested(let session, _):
                var options = SessionOptions()
                options.incomingWindow = 4
                try pair.engine.acceptSession(session, options)
            case .linkRequested(let link, _, _):
                try pair.engine.acceptLink(link)
                try pair.engine.setCredit(link, 100)
            default: break
            }
        }
        // Deaf: it sends on without our flows.
        for id in 0..<5 { pair.feed(Self.transfer(UInt32(id)), payload: Self.message) }
        #expect(Self.scopes(pair.events()) == [.session])
        _ = pair.output()
    }

    @Test func unknownHandlesEndTheSession() throws {
        let frames: [Performative] = [
            transferTo(7), .detach(Detach(handle: 7)),
            .flow(Flow(incomingWindow: 1, nextOutgoingID: 0, outgoingWindow: 1, handle: 7)),
        ]
        for frame in frames {
            let (lone, _, _) = try LoneEngine.attachedServer()
            lone.feed(frame)
            #expect(Self.scopes(lone.events()) == [.session])
            #expect(try lone.errors() == [.unattachedHandle])
            // Until it answers, nothing of the session counts.
            lone.feed(frame)
            #expect(lone.events().isEmpty)
            lone.feed(.end(End()))
            #expect(lone.events().isEmpty)
            #expect(lone.engine.isOpen == true)
        }
    }

    private func transferTo(_ handle: UInt32) -> Performative { Self.transfer(0, handle: handle) }

    @Test func aHandleInUseEndsTheSession() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(.attach(Attach(name: "other", handle: 0, role: .sender, source: Source(), target: Target())))
        #expect(Self.scopes(lone.events()) == [.session])
        #expect(try lone.errors() == [.handleInUse])
    }

    @Test func aNameInUseIsRefused() throws {
        let (lone, _, link) = try LoneEngine.attachedServer()
        lone.feed(.attach(Attach(name: "l", handle: 1, role: .sender, source: Source(), target: Target())))
        #expect(lone.events().isEmpty)
        let written = try lone.performatives()
        #expect(written.count == 2)
        guard case .attach(let attach) = written[0], case .detach(let detach) = written[1] else { return }
        #expect(attach.target == nil && attach.source == nil)
        #expect(detach.error?.condition == .notAllowed)
        lone.feed(.detach(Detach(handle: 1, closed: true)))
        #expect(lone.engine.isAttached(link) == true)
        #expect(lone.output() == [])
    }

    @Test func handlesAboveTheMaximumEndTheConnection() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(.attach(Attach(name: "x", handle: 70_000, role: .sender, source: Source(), target: Target())))
        #expect(try lone.errors() == [.framingError])
        #expect(Self.scopes(lone.events()) == [.connection])
    }

    @Test func channelsWithoutSessionEndTheConnection() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(.end(End()), channel: 9)
        #expect(Self.scopes(lone.events()) == [.connection])
        #expect(try lone.errors() == [.notAllowed])
    }

    @Test func channelsAboveTheMaximumEndTheConnection() throws {
        let (lone, _, _) = try LoneEngine.attachedServer { $0.channelMax = 3 }
        lone.feed(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)), channel: 4)
        #expect(Self.scopes(lone.events()) == [.connection])
        #expect(try lone.errors() == [.framingError])
    }

    @Test func beginsOutOfPlaceEndTheConnection() throws {
        let again = Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)
        let answer = Begin(remoteChannel: 5, nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)
        for (begin, channel) in [(again, UInt16(0)), (answer, 1)] {
            let (lone, _, _) = try LoneEngine.attachedServer()
            lone.feed(.begin(begin), channel: channel)
            #expect(Self.scopes(lone.events()) == [.connection])
            #expect(try lone.errors() == [.illegalState])
        }
    }

    @Test func aSecondOpenEndsTheConnection() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(.open(Open(containerID: "again")))
        #expect(try lone.errors() == [.illegalState])
        // Only the close counts now.
        lone.feed(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)), channel: 3)
        #expect(lone.output() == [])
        #expect(lone.engine.isFinished == false)
        lone.feed(.close(Close()))
        #expect(lone.engine.isFinished == true)
    }

    @Test func framesBeforeOpenEndTheConnection() throws {
        let lone = LoneEngine(.testServer(mechanisms: []))
        lone.feed(ProtocolHeader.amqp.bytes)
        #expect(lone.output() == ProtocolHeader.amqp.bytes)
        lone.feed(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)))
        #expect(Self.scopes(lone.events()) == [.connection])
        // A close needs an open before it.
        let written = try lone.performatives()
        #expect(written.count == 2)
        guard case .open = written.first, case .close(let close)? = written.last else {
            Issue.record("\(written)")
            return
        }
        #expect(close.error?.condition == .illegalState)
    }

    @Test func aFrameSizeBelow512IsRefused() throws {
        let lone = LoneEngine(.testServer(mechanisms: []))
        lone.feed(ProtocolHeader.amqp.bytes + LoneEngine.frame(.open(Open(containerID: "c", maxFrameSize: 100))))
        #expect(Self.scopes(lone.events()) == [.connection])
    }

    @Test func messagesTooLargeEndTheLink() throws {
        for frames in [1, 3] {
            let (lone, _, link) = try LoneEngine.attachedServer { $0.limits.maximumMessageSize = 1_000 }
            try lone.engine.setCredit(link, 10)
            _ = lone.output()
            let payload = [UInt8](repeating: 0, count: 1_500 / frames)
            for frame in 0..<frames {
                lone.feed(Self.transfer(frame == 0 ? 0 : nil, more: frame < frames - 1), payload: payload)
            }
            #expect(Self.scopes(lone.events()) == [.link])
            #expect(try lone.errors() == [.messageSizeExceeded])
        }
    }

    @Test func transfersThatDoNotBelongTogetherEndTheLink() throws {
        let cases: [[Performative]] = [
            [Self.transfer(0, more: true), Self.transfer(1, more: true)],
            [Self.transfer(0, more: true), Self.transfer(nil, tag: [9])],
            [Self.transfer(nil)],
            [Self.transfer(0, tag: [UInt8](repeating: 0, count: 33))],
        ]
        for frames in cases {
            let (lone, _, link) = try LoneEngine.attachedServer()
            try lone.engine.setCredit(link, 10)
            for frame in frames { lone.feed(frame, payload: Self.message) }
            #expect(Self.scopes(lone.events()) == [.link])
        }
    }

    @Test func transfersOnALinkTheOtherWayEndIt() throws {
        let (lone, _, _) = try LoneEngine.attachedServer(role: .receiver)
        lone.feed(Self.transfer(0), payload: Self.message)
        #expect(Self.scopes(lone.events()) == [.link])
        #expect(try lone.errors() == [.notAllowed])
    }

    @Test func deliveryIDsThatGoBackwardsEndTheSession() throws {
        let (lone, _, link) = try LoneEngine.attachedServer()
        try lone.engine.setCredit(link, 10)
        _ = lone.output()
        lone.feed(Self.transfer(5, settled: false), payload: Self.message)
        lone.feed(Self.transfer(5, settled: false), payload: Self.message)
        #expect(Self.scopes(lone.events()) == [.session])
        #expect(try lone.errors() == [.invalidField])
    }

    @Test func abortedDeliveriesLeaveNoTrace() throws {
        let (lone, _, link) = try LoneEngine.attachedServer()
        try lone.engine.setCredit(link, 10)
        _ = lone.output()
        lone.feed(Self.transfer(0, more: true, settled: false), payload: Self.message)
        lone.feed(.transfer(Transfer(handle: 0, more: false, aborted: true)))
        lone.feed(.transfer(Transfer(handle: 0, deliveryID: 1, deliveryTag: [2], settled: false, aborted: true)))
        lone.feed(Self.transfer(2, settled: false), payload: Self.message)
        let events = lone.events()
        let aborted = events.compactMap { event in
            if case .deliveryAborted(_, let id) = event { id.rawValue } else { nil }
        }
        #expect(aborted == [0, 1])
        let delivered = events.flatMap { event -> [UInt32] in
            if case .deliveries(_, let batch) = event { batch.map(\.deliveryID) } else { [] }
        }
        #expect(delivered == [2])
        try lone.engine.settle(link, from: DeliveryID(0), through: DeliveryID(9), as: .accepted)
        #expect(
            try lone.performatives() == [
                .disposition(Disposition(role: .receiver, first: 2, last: nil, settled: true, state: .accepted))
            ]
        )
        #expect(lone.engine.credit(of: link) == 7)
    }

    @Test func aPeerThatAsksWithoutReadingIsCutOff() throws {
        let (lone, _, _) = try LoneEngine.attachedServer { $0.limits.maximumOutputBytes = 10_000 }
        let begin = LoneEngine.frame(.begin(Begin(nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)), channel: 1)
        let end = LoneEngine.frame(.end(End()), channel: 1)
        var closed = false
        for _ in 0..<2_000 where !closed {
            lone.feed(begin)
            for event in lone.events() {
                if case .sessionRequested(let session, _) = event { try lone.engine.acceptSession(session) }
                if case .connectionClosed(.violation(let violation)) = event {
                    closed = violation.condition == .resourceLimitExceeded
                }
            }
            lone.feed(end)
        }
        #expect(closed)
    }
}
