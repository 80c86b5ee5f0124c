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

@Suite("Tokens on a connection", .timeLimit(.minutes(1)))
struct TokenTests {
    /// Attaches the pair for tokens.
    private func client(_ broker: Broker = WireClient.makeBroker()) async throws -> WireClient {
        let client = try await WireClient.anonymous(broker)
        _ = try await client.attachReceiver("$cbs", handle: 10, name: "cbs-reply")
        client.grant(50, handle: 10)
        _ = try await client.attachSender("$cbs", handle: 11, name: "cbs")
        return client
    }

    /// Puts a token; the status of the reply.
    private func put(_ token: String, for audience: String, id: UInt32, on client: WireClient) async throws -> Int64? {
        let request = Message(
            properties: Properties(messageID: .string("m\(id)")),
            applicationProperties: [
                .string("operation"): .string("put-token"),
                .string("type"): .string("servicebus.windows.net:sastoken"),
                .string("name"): .string(audience),
            ],
            body: .value(.string(token))
        )
        client.send(
            .transfer(Transfer(handle: 11, deliveryID: id, deliveryTag: [1], messageFormat: 0, settled: true)),
            payload: request.encoded()
        )
        let reply = try Message(decoding: try await client.nextTransfer().1)
        #expect(reply.properties?.correlationID == .string("m\(id)"))
        return reply.applicationProperties?[string: "status-code"]?.integerValue
    }

    private var now: Int64 { SystemTime.now() / 1000 }

    @Test("a token opens its hub")
    func token() async throws {
        let client = try await client()
        let token = makeToken(for: "sb://localhost/hub1", expiresAt: now + 100)
        #expect(try await put(token, for: "sb://localhost/hub1", id: 0, on: client) == 202)
        #expect(try await client.attachSender("hub1", handle: 0).target != nil)
    }

    @Test("tokens that are wrong open nothing")
    func wrongTokens() async throws {
        let client = try await client()
        let forged = makeToken(for: "sb://localhost/hub1", key: "other", expiresAt: now + 100)
        #expect(try await put(forged, for: "sb://localhost/hub1", id: 0, on: client) == 401)
        let expired = makeToken(for: "sb://localhost/hub1", expiresAt: now - 1)
        #expect(try await put(expired, for: "sb://localhost/hub1", id: 1, on: client) == 401)
        let other = makeToken(for: "sb://localhost/hub2", expiresAt: now + 100)
        #expect(try await put(other, for: "sb://localhost/hub1", id: 2, on: client) == 401)
        #expect(try await client.attachSender("hub1", handle: 0).target == nil)
        #expect(try await client.nextDetach().error?.condition == .unauthorizedAccess)
    }

    @Test("when a token lapses its links are detached, unless it was renewed")
    func expiry() async throws {
        let client = try await client()
        let audience = "sb://localhost/hub1"
        // Long enough to be renewed in time on a busy machine.
        let first = now + 20
        let second = first + 2
        #expect(try await put(makeToken(for: audience, expiresAt: first), for: audience, id: 0, on: client) == 202)
        #expect(try await client.attachSender("hub1", handle: 0).target != nil)
        #expect(try await put(makeToken(for: audience, expiresAt: second), for: audience, id: 1, on: client) == 202)
        let detach = try await client.nextDetach()
        #expect(now >= second)
        #expect(detach.error?.condition == .detachForced)
        #expect(
            detach.error?.description?.contains("Code: RenewToken. Details: Unauthorized access. 'Send' claim(s)")
                == true
        )
    }

    @Test("replies go to the link that the request names, by address or by name")
    func replyRouting() async throws {
        let client = try await WireClient.connected()
        for (handle, name) in [(UInt32(1), "reply-a"), (2, "reply-b")] {
            _ = try await client.attachReceiver("$management", handle: handle, name: name)
            client.grant(5, handle: handle)
        }
        _ = try await client.attachSender("hub1/$management", handle: 3, name: "requests")
        var handles: [UInt32] = []
        for (number, replyTo) in ["reply-a", "reply-b", "reply-a"].enumerated() {
            let request = Message(
                properties: Properties(messageID: .ulong(UInt64(number)), replyTo: replyTo),
                applicationProperties: [
                    .string("operation"): .string("READ"), .string("type"): .string("com.microsoft:eventhub"),
                    .string("name"): .string("hub1"),
                ]
            )
            client.send(
                .transfer(Transfer(handle: 3, deliveryID: UInt32(number), deliveryTag: [1], settled: true)),
                payload: request.encoded()
            )
            let (transfer, payload) = try await client.nextTransfer()
            #expect(try Message(decoding: payload).properties?.correlationID == .ulong(UInt64(number)))
            handles.append(transfer.handle)
        }
        #expect(handles[0] != handles[1] && handles[0] == handles[2])
    }
}
