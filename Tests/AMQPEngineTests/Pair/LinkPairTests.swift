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

@Suite struct LinkPairTests {
    static func ends(_ events: [EngineEvent]) -> [(link: LinkID, end: LinkEnd)] {
        events.compactMap { event in
            if case .linkDetached(let link, let end) = event { (link, end) } else { nil }
        }
    }

    static func attached(_ events: [EngineEvent]) -> [Attach] {
        events.compactMap { event in
            if case .linkAttached(_, let attach) = event { attach } else { nil }
        }
    }

    @Test func theAnswerEchoesWhatWasAsked() throws {
        let link = try PairedLink.clientSends { options in
            options.receiverSettleMode = .second
            options.senderSettleMode = .unsettled
            options.properties = ["com.microsoft:timeout": .uint(60)]
        }
        let answer = try #require(Self.attached(link.pair.clientEvents).first)
        #expect(answer.name == "sender")
        #expect(answer.role == .receiver)
        #expect(answer.target?.address == "hub")
        #expect(answer.source != nil)
        #expect(answer.rcvSettleMode == .second)
        #expect(answer.sndSettleMode == .unsettled)
        #expect(answer.initialDeliveryCount == nil)
        let receiver = try PairedLink.clientReceives(on: link.pair)
        let other = try #require(Self.attached(receiver.pair.clientEvents).last)
        #expect(other.initialDeliveryCount == 0)
        #expect(other.role == .sender)
    }

    @Test func theServerMayAttachToo() throws {
        let pair = EnginePair.opened()
        _ = try pair.beganSession()
        let session = try #require(SessionPairTests.requested(pair.serverEvents).first)
        let ours = try pair.server.attachSender(session, SenderOptions(name: "up", target: Target(address: "x")))
        pair.drive()
        let asked = pair.clientEvents.compactMap { event in
            if case .linkRequested(let link, _, let attach) = event { (link, attach.name) } else { nil }
        }
        #expect(asked.map(\.1) == ["up"])
        try pair.client.acceptLink(asked[0].0)
        pair.drive()
        #expect(pair.server.isAttached(ours) == true)
        try pair.client.setCredit(asked[0].0, 1)
        pair.drive()
        try pair.server.send(ours, OutgoingDelivery(payload: TransferPairTests.message([9]), settled: true))
        pair.drive()
        #expect(pair.payloads(of: .client).compactMap(\.last) == [9])
    }

    @Test(arguments: [true, false])
    func detachingIsAnsweredInKind(closed: Bool) throws {
        let link = try PairedLink.clientSends()
        try link.pair.client.detach(link.client, closed: closed)
        link.pair.drive()
        #expect(Self.ends(link.pair.clientEvents).map(\.end) == [.detachedLocally(answer: nil)])
        #expect(Self.ends(link.pair.serverEvents).map(\.end) == [.detachedByPeer(closed: closed, error: nil)])
        #expect(throws: UsageError.unknownLink) { try link.pair.client.detach(link.client) }
        #expect(link.pair.client.isAttached(link.client) == false)
        // The session is still of use, under the same name and handle.
        let again = try PairedLink.clientSends(on: link.pair)
        #expect(again.pair.client.isAttached(again.client) == true)
    }

    @Test func detachingWithAnError() throws {
        let link = try PairedLink.clientReceives()
        let error = AMQPErrorInfo(
            condition: .linkStolen,
            description: "New receiver",
            info: ["com.microsoft:is-filtered": true]
        )
        try link.pair.server.detach(link.server, error: error)
        link.pair.drive()
        #expect(Self.ends(link.pair.clientEvents).map(\.end) == [.detachedByPeer(closed: true, error: error)])
        #expect(Self.ends(link.pair.serverEvents).map(\.end) == [.detachedLocally(answer: nil)])
    }

    @Test func aRefusalIsOneEvent() throws {
        let pair = EnginePair.opened()
        pair.acceptsLinks = false
        let error = AMQPErrorInfo(condition: .notFound, description: "The messaging entity could not be found.")
        pair.onServerEvent = { pair, event in
            if case .linkRequested(let link, _, _) = event { try? pair.server.refuseLink(link, error: error) }
        }
        let session = try pair.beganSession()
        let sender = try pair.client.attachSender(session, SenderOptions(name: "s", target: Target(address: "none")))
        let receiver = try pair.client.attachReceiver(
            session,
            ReceiverOptions(name: "r", source: Source(address: "none"))
        )
        pair.drive()
        #expect(Self.attached(pair.clientEvents).isEmpty)
        #expect(Self.ends(pair.clientEvents).map(\.link) == [sender, receiver])
        #expect(Self.ends(pair.clientEvents).map(\.end) == [.refusedByPeer(error), .refusedByPeer(error)])
        #expect(
            Self.ends(pair.serverEvents).map(\.end) == [.detachedLocally(answer: nil), .detachedLocally(answer: nil)]
        )
        #expect(pair.client.isOpen == true)
    }

    @Test func namesAreUniquePerDirection() throws {
        let pair = EnginePair.opened()
        let session = try pair.beganSession()
        _ = try pair.client.attachSender(session, SenderOptions(name: "n", target: Target(address: "a")))
        #expect(throws: UsageError.linkNameInUse) {
            try pair.client.attachSender(session, SenderOptions(name: "n", target: Target(address: "a")))
        }
        let receiver = try pair.client.attachReceiver(session, ReceiverOptions(name: "n", source: Source(address: "a")))
        pair.drive()
        #expect(pair.client.isAttached(receiver) == true)
    }

    @Test func handlesAreBoundedByThePeersMaximum() throws {
        let pair = EnginePair.opened()
        pair.serverSessionOptions.handleMax = 2
        let session = try pair.beganSession()
        for number in 0..<3 {
            _ = try pair.client.attachSender(session, SenderOptions(name: "\(number)", target: Target(address: "a")))
        }
        #expect(throws: UsageError.noFreeHandle) {
            try pair.client.attachSender(session, SenderOptions(name: "3", target: Target(address: "a")))
        }
        pair.drive()
        #expect(Self.attached(pair.clientEvents).count == 3)
    }

    @Test func attachingNeedsAMappedSession() throws {
        let pair = EnginePair.opened()
        let session = try pair.client.beginSession()
        #expect(throws: UsageError.sessionNotMapped) {
            try pair.client.attachSender(session, SenderOptions(name: "s", target: Target(address: "a")))
        }
    }

    @Test func anAttachThatFitsNoFrameIsTheCallersFault() throws {
        var configuration = EngineConfiguration.testServer()
        configuration.maxFrameSize = 512
        let pair = EnginePair.opened(server: configuration)
        let session = try pair.beganSession()
        let long = String(repeating: "a", count: 600)
        #expect(throws: UsageError.frameTooLarge) {
            try pair.client.attachSender(session, SenderOptions(name: long, target: Target(address: "a")))
        }
        // Nothing is left of the attempt.
        let link = try PairedLink.clientSends(on: pair)
        #expect(pair.client.isAttached(link.client) == true)
    }

    @Test func detachBeforeTheAnswer() throws {
        let pair = EnginePair.opened()
        let session = try pair.beganSession()
        let link = try pair.client.attachSender(session, SenderOptions(name: "s", target: Target(address: "a")))
        try pair.client.detach(link)
        pair.drive()
        #expect(Self.ends(pair.clientEvents).map(\.end) == [.detachedLocally(answer: nil)])
        #expect(Self.attached(pair.clientEvents).isEmpty)
        #expect(pair.client.isOpen == true)
        #expect(pair.server.isOpen == true)
        #expect(SessionPairTests.ends(pair.clientEvents).isEmpty)
    }

    @Test func bothMayDetachAtOnce() throws {
        let link = try PairedLink.clientSends()
        try link.pair.client.detach(link.client)
        try link.pair.server.detach(link.server)
        link.pair.drive()
        #expect(Self.ends(link.pair.clientEvents).map(\.end) == [.detachedLocally(answer: nil)])
        #expect(Self.ends(link.pair.serverEvents).map(\.end) == [.detachedLocally(answer: nil)])
    }
}
