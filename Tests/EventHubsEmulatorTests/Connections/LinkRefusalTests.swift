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

@Suite("Refused links", .timeLimit(.minutes(1)))
struct LinkRefusalTests {
    /// Expects an attach without termini, then a detach with the condition.
    private func expectRefusal(
        _ client: WireClient,
        _ attach: Attach,
        _ condition: ErrorCondition,
        _ text: String,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(attach.source == nil && attach.target == nil, sourceLocation: location)
        let detach = try await client.nextDetach()
        #expect(detach.closed, sourceLocation: location)
        #expect(detach.error?.condition == condition, sourceLocation: location)
        let description = detach.error?.description ?? ""
        #expect(description.contains(text), sourceLocation: location)
        #expect(description.contains(" TrackingId:") && description.contains(", Timestamp:"), sourceLocation: location)
    }

    @Test("unknown hubs, groups and partitions")
    func unknownEntities() async throws {
        let client = try await WireClient.connected()
        let cases: [(String, Bool, ErrorCondition, String)] = [
            ("nope", true, .notFound, "The messaging entity 'sb://ns/nope' could not be found."),
            ("hub1/Partitions/2", true, .argumentOutOfRange, "It should be between 0 and 1."),
            ("hub1/ConsumerGroups/x/Partitions/0", false, .notFound, "could not be found"),
            (
                "hub1/ConsumerGroups/$Default/Partitions/2", false, .argumentOutOfRange,
                "The specified partition is invalid"
            ),
            ("hub1", false, .notFound, "could not be found"),
            ("a/b/c/d/e/f", true, .notFound, "could not be found"),
        ]
        for (number, (address, isSender, condition, text)) in cases.enumerated() {
            let handle = UInt32(number)
            let attach =
                isSender
                ? try await client.attachSender(address, handle: handle, name: "l\(number)")
                : try await client.attachReceiver(address, handle: handle, name: "l\(number)")
            try await expectRefusal(client, attach, condition, text)
            client.send(.detach(Detach(handle: handle, closed: true)))
        }
        // The session is as good as before.
        #expect(try await client.attachSender("hub1", handle: 20, name: "good").target?.address == "hub1")
    }

    @Test("positions past the end and filters that cannot be read")
    func positions() async throws {
        let client = try await WireClient.connected()
        let address = "hub1/ConsumerGroups/cg1/Partitions/0"
        for (number, (selector, text)) in [
            ("amqp.annotation.x-opt-offset > '99'", "The supplied offset '99' is invalid."),
            ("amqp.annotation.x-opt-sequence-number > '5'", "The last sequence number in the system is '-1'"),
            ("nonsense", "The supplied filter expression 'nonsense' is invalid."),
        ].enumerated() {
            let attach = try await client.attachReceiver(
                address,
                handle: UInt32(number),
                name: "r\(number)",
                selector: selector
            )
            try await expectRefusal(client, attach, .argumentError, text)
        }
    }

    @Test("without a claim nothing is open but the node for tokens")
    func unauthorized() async throws {
        let client = try await WireClient.anonymous()
        let sender = try await client.attachSender("hub1", handle: 0, name: "s")
        try await expectRefusal(client, sender, .unauthorizedAccess, "'Send' claim(s) are required")
        let receiver = try await client.attachReceiver(
            "hub1/ConsumerGroups/$Default/Partitions/0",
            handle: 1,
            name: "r"
        )
        try await expectRefusal(client, receiver, .unauthorizedAccess, "'Listen' claim(s) are required")
        #expect(try await client.attachSender("$cbs", handle: 2, name: "cbs").target?.address == "$cbs")
        #expect(try await client.attachReceiver("$cbs", handle: 3, name: "cbs").source?.address == "$cbs")
        let second = try await client.attachSender("$cbs", handle: 4, name: "cbs2")
        try await expectRefusal(client, second, .notAllowed, "$cbs node has already been opened.")
        let reply = try await client.attachReceiver("$cbs", handle: 5, name: "cbs3")
        try await expectRefusal(client, reply, .notAllowed, "$cbs node has already been opened.")
    }

    @Test("a policy gives what it gives, and where")
    func rights() async throws {
        let broker = WireClient.makeBroker { configuration in
            configuration.policies = [SharedAccessPolicy(name: "only-send", key: "k", rights: .send, hub: "hub1")]
        }
        let client = WireClient(broker)
        try await client.handshake(keyName: "only-send", key: "k")
        try await client.begin()
        #expect(try await client.attachSender("hub1/Partitions/1", handle: 0).target != nil)
        let receiver = try await client.attachReceiver("hub1/ConsumerGroups/$Default/Partitions/0", handle: 1)
        try await expectRefusal(client, receiver, .unauthorizedAccess, "'Listen' claim(s)")
    }

    @Test("the sixth receiver without an owner level")
    func sixthReceiver() async throws {
        let client = try await WireClient.connected()
        let address = "hub1/ConsumerGroups/$Default/Partitions/0"
        for number in 0..<5 {
            let attach = try await client.attachReceiver(address, handle: UInt32(number), name: "r\(number)")
            #expect(attach.source != nil)
        }
        let attach = try await client.attachReceiver(address, handle: 9, name: "r9")
        try await expectRefusal(
            client,
            attach,
            .resourceLimitExceeded,
            "List of connected receivers - nil, nil, nil, nil, nil."
        )
        client.send(.detach(Detach(handle: 3, closed: true)))
        _ = try await client.nextDetach()
        #expect(try await client.attachReceiver(address, handle: 3, name: "r10").source != nil)
    }

    @Test("a transaction coordinator is not to be had")
    func coordinator() async throws {
        let client = try await WireClient.connected()
        var attach = WireClient.sender("", handle: 0, name: "t")
        attach.target = nil
        attach.unknownTarget = AMQPDescribed(descriptor: .ulong(0x30), value: .list([]))
        client.send(.attach(attach))
        try await expectRefusal(client, try await client.nextAttach(), .notImplemented, "Transactions")
    }
}
