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

/// Links that cannot be: the emulator answers with an attach that names no terminus, then detaches with the reason.
@Suite("Refused links, as they go over the wire")
struct HostileAttachTests {
    /// Who asks for what, and which condition comes back.
    struct Request: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var address: String
        var sends: Bool
        var selector: String?
        var condition: ErrorCondition

        init(_ what: String, _ address: String, sends: Bool, selector: String? = nil, _ condition: ErrorCondition) {
            testDescription = what
            self.address = address
            self.sends = sends
            self.selector = selector
            self.condition = condition
        }
    }

    static let position = "amqp.annotation.x-opt-"
    static let requests: [Request] = [
        Request("no such hub", "nowhere", sends: true, .notFound),
        Request("no such hub to read", "nowhere/ConsumerGroups/$Default/Partitions/0", sends: false, .notFound),
        Request("no such group", "hub1/ConsumerGroups/nobody/Partitions/0", sends: false, .notFound),
        Request("no such partition", "hub1/ConsumerGroups/$Default/Partitions/2", sends: false, .argumentOutOfRange),
        Request("no such partition to write", "hub1/Partitions/2", sends: true, .argumentOutOfRange),
        Request("a negative partition", "hub1/Partitions/-1", sends: true, .argumentOutOfRange),
        Request("a partition that is no number", "hub1/Partitions/first", sends: true, .argumentOutOfRange),
        Request("reading a hub", "hub1", sends: false, .notFound),
        Request("writing to a group", HostileClient.partition, sends: true, .notFound),
        Request("an empty address", "", sends: true, .notFound),
        Request("an address of slashes", "/////", sends: true, .notFound),
        Request("an address that ends in an escape", "hub1%", sends: true, .notFound),
        Request("a long address", String(repeating: "a/", count: 5_000), sends: true, .notFound),
        Request(
            "a sequence number past the end",
            HostileClient.partition,
            sends: false,
            selector: position + "sequence-number > '999'",
            .argumentError
        ),
        Request(
            "an offset past the end",
            HostileClient.partition,
            sends: false,
            selector: position + "offset > '99999999'",
            .argumentError
        ),
        Request(
            "an offset that is none",
            HostileClient.partition,
            sends: false,
            selector: position + "offset > 'x'",
            .argumentError
        ),
        Request("an unreadable selector", HostileClient.partition, sends: false, selector: "1 = 1", .argumentError),
        Request(
            "a sequence number of 100 digits",
            HostileClient.partition,
            sends: false,
            selector: position + "sequence-number > '\(String(repeating: "9", count: 100))'",
            .argumentError
        ),
    ]

    @Test("are refused with their reason, and the next one is taken", arguments: requests)
    func refusal(_ request: Request) async throws {
        try await withTarget { emulator in
            try await expectService(of: emulator)
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            client.send(
                request.sends
                    ? client.sender(request.address) : client.receiver(request.address, selector: request.selector)
            )
            let answer = try await client.wait(for: "attach") { _, performative -> Attach? in
                if case .attach(let attach) = performative { attach } else { nil }
            }
            #expect(request.sends ? answer.target == nil : answer.source == nil)
            let error = try await client.detachError()
            #expect(error?.condition == request.condition)
            #expect(error?.description?.contains("TrackingId:") == true)
            client.send(.detach(Detach(handle: request.sends ? 0 : 1, closed: true)))
            try await client.attach(client.sender(name: "again", handle: 5))
        }
    }

    @Test("without a claim nothing is opened, whatever it is", arguments: requests)
    func unauthorized(_ request: Request) async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator, key: nil)
            defer { client.close() }
            client.send(
                request.sends
                    ? client.sender(request.address) : client.receiver(request.address, selector: request.selector)
            )
            #expect(try await client.detachError()?.condition == .unauthorizedAccess)
        }
    }

    @Test("a coordinator of transactions is not implemented")
    func transactions() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            let coordinator = AMQPDescribed(descriptor: .ulong(0x30), value: .list([]))
            client.send(
                .attach(
                    Attach(
                        name: "transactions",
                        handle: 0,
                        role: .sender,
                        source: Source(address: "here"),
                        unknownTarget: coordinator,
                        initialDeliveryCount: 0
                    )
                )
            )
            #expect(try await client.detachError()?.condition == .notImplemented)
        }
    }

    @Test("an attach without a terminus")
    func noTerminus() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            client.send(.attach(Attach(name: "nothing", handle: 0, role: .sender, initialDeliveryCount: 0)))
            #expect(try await client.detachError()?.condition == .argumentError)
            client.send(.attach(Attach(name: "nothing else", handle: 1, role: .receiver)))
            #expect(try await client.detachError()?.condition == .argumentError)
        }
    }

    @Test("256 links fill a session, and no more are taken")
    func tooManyLinks() async throws {
        try await withTarget { emulator in
            let client = try await HostileClient.begin(with: emulator)
            defer { client.close() }
            for handle in 0..<256 as Range<UInt32> {
                client.send(client.sender(name: "link \(handle)", handle: handle))
            }
            for _ in 0..<256 {
                _ = try await client.wait(for: "attach") { _, performative -> Attach? in
                    if case .attach(let attach) = performative { attach } else { nil }
                }
            }
            client.send(client.sender(name: "link 256", handle: 256))
            #expect(try await client.closeCondition() == .framingError)
        }
    }
}
