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
import EventHubsEmulator
import Testing

/// A peer that breaks rules of a session, a link or a delivery: only that ends, with the condition of the specification.
@Suite("Hostile sessions, links and deliveries")
struct HostileSessionTests {
    typealias Attack = HostileConnectionTests.Attack

    private static func transfer(
        _ delivery: UInt32?,
        tag: [UInt8]? = [1],
        handle: UInt32 = 0,
        more: Bool = false,
        aborted: Bool = false,
        payload: [UInt8] = []
    ) -> [UInt8] {
        frame(
            .transfer(
                Transfer(handle: handle, deliveryID: delivery, deliveryTag: tag, more: more, aborted: aborted)
            ),
            payload: payload
        )
    }

    /// Sent by a client with a sender on handle 0 and a receiver on handle 1.
    static let endsOfSessions: [Attack] = [
        Attack(
            "a second attach on a handle",
            frame(.attach(Attach(name: "other", handle: 0, role: .sender, target: Target(address: "hub1")))),
            .handleInUse
        ),
        Attack("a transfer on a handle without a link", transfer(0, handle: 9), .unattachedHandle),
        Attack(
            "a flow on a handle without a link",
            frame(.flow(Flow(incomingWindow: 1, nextOutgoingID: 0, outgoingWindow: 1, handle: 9, linkCredit: 1))),
            .unattachedHandle
        ),
        Attack(
            "a detach on a handle without a link",
            frame(.detach(Detach(handle: 9, closed: true))),
            .unattachedHandle
        ),
        Attack("a detach, then a transfer", frame(.detach(Detach(handle: 0))) + transfer(0), .unattachedHandle),
    ]

    @Test("sessions end with their condition, the connection goes on", arguments: endsOfSessions)
    func session(_ attack: Attack) async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            client.send(attack.bytes)
            #expect(try await client.endCondition() == attack.condition)
            // Until our end the server drops what comes on the channel; it keeps the channel for us.
            client.send(event("dropped", delivery: 0))
            client.send(.end(End()), .begin(Begin(nextOutgoingID: 0, incomingWindow: 10, outgoingWindow: 10)))
            try await client.attach(client.sender())
            client.send(event("stored", delivery: 0))
            #expect(try await client.outcome(of: 0) == .accepted)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    /// Two links of a session share the delivery-ids; the first delivery is under way when the second claims its id.
    @Test("a delivery-id that is in use")
    func deliveryIDs() async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            try await client.attach(client.sender("hub1/Partitions/1", name: "second", handle: 2))
            client.send(Self.transfer(5, more: true) + event("collides", delivery: 5, handle: 2))
            #expect(try await client.endCondition() == .invalidField)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [0, 0])
        }
    }

    static let endsOfLinks: [Attack] = [
        Attack("a transfer on a link that receives", transfer(0, handle: 1), .notAllowed),
        Attack("a delivery without a delivery-id", transfer(nil), .invalidField),
        Attack("a delivery-tag of 33 bytes", transfer(0, tag: [UInt8](repeating: 7, count: 33)), .invalidField),
        Attack("frames of two deliveries mixed", transfer(0, more: true) + transfer(1, tag: [2]), .notAllowed),
        Attack(
            "a message beyond max-message-size in one frame",
            transfer(0, payload: [UInt8](repeating: 0, count: 20_001)),
            .messageSizeExceeded
        ),
        Attack(
            "a message beyond max-message-size in many frames",
            (0..<21).flatMap { _ in transfer(0, more: true, payload: [UInt8](repeating: 0, count: 1_000)) },
            .messageSizeExceeded
        ),
    ]

    @Test("links end with their condition, the session goes on", arguments: endsOfLinks)
    func link(_ attack: Attack) async throws {
        try await withTarget({ $0.maximumMessageSize = 20_000 }) { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            client.send(attack.bytes)
            #expect(try await client.detachError()?.condition == attack.condition)
            try await client.attach(client.sender("hub1/Partitions/1", name: "second", handle: 2))
            client.send(event("stored", delivery: 7, handle: 2))
            #expect(try await client.outcome(of: 7) == .accepted)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [0, 1])
        }
    }

    @Test("a second link of the same name is detached, the first stays")
    func linkNames() async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            client.send(client.sender(handle: 2))
            #expect(try await client.detachError()?.condition == .notAllowed)
            client.send(event("stored", delivery: 0))
            #expect(try await client.outcome(of: 0) == .accepted)
        }
    }

    /// Attach and transfer come in one segment: the link had no credit when the transfer was sent.
    @Test("a transfer without credit")
    func credit() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            client.send(frame(client.sender()) + event("too early", delivery: 0))
            #expect(try await client.detachError()?.condition == .transferLimitExceeded)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [0, 0])
        }
    }

    @Test(
        "deliveries that hold no events are rejected, the link goes on",
        arguments: [
            "a1 03 616263",  // no section
            "005375 a0 ff 61",  // ends behind the frame
            "005375 a0 01 61 005370 45",  // a header behind the body
            "005372 c1 02 01 40 005375 a0 00",  // a map of one element
        ]
    )
    func deliveries(_ payload: String) async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            client.send(Self.transfer(0, payload: hex(payload)))
            guard case .rejected(let error) = try await client.outcome(of: 0) else {
                Issue.record("not rejected")
                return
            }
            #expect(error != nil)
            client.send(event("stored", delivery: 1))
            #expect(try await client.outcome(of: 1) == .accepted)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    @Test("an aborted delivery leaves nothing")
    func aborted() async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            let half = Array(Message(data: [1, 2, 3, 4]).encoded().prefix(5))
            client.send(Self.transfer(0, more: true, payload: half) + Self.transfer(0, aborted: true))
            client.send(event("stored", delivery: 1))
            #expect(try await client.outcome(of: 1) == .accepted)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1, 0])
        }
    }

    /// A client that claims what was never sent, and grants what it cannot take.
    @Test("senseless flows and dispositions change nothing")
    func senselessCounts() async throws {
        try await withTarget { emulator in
            let client = try await self.attached(to: emulator)
            defer { client.close() }
            var flow = Flow(nextIncomingID: .max, incomingWindow: .max, nextOutgoingID: 77, outgoingWindow: .max)
            client.send(.flow(flow))
            flow.handle = 1
            flow.deliveryCount = 12_345
            flow.linkCredit = .max
            flow.echo = true
            client.send(.flow(flow))
            client.send(
                .disposition(Disposition(role: .receiver, first: 0, last: .max, settled: true, state: .accepted)),
                .disposition(Disposition(role: .sender, first: 9, last: 3, settled: true)),
                .disposition(Disposition(role: .sender, first: 0, last: .max, settled: true))
            )
            client.send(event("stored", delivery: 0))
            #expect(try await client.outcome(of: 0) == .accepted)
        }
    }

    private func attached(to emulator: EventHubsEmulator) async throws -> HostileClient {
        let client = try await HostileClient.begin(with: emulator)
        try await client.attach(client.receiver())
        try await client.attach(client.sender())
        return client
    }
}
