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

@Suite("$cbs")
struct CBSNodeTests {
    private let node = CBSNode(namespace: Self.namespace, verifier: TokenVerifier(policies: [.developmentDefault]))

    private static let namespace: Namespace = {
        let namespace = Namespace(name: "ns") { 0 }
        let retention = Retention(maximumBytes: 1, maximumAge: 1)
        namespace.add(
            EventHubLog(name: "hub1", partitionCount: 1, consumerGroups: [], retention: retention, createdAt: 0)
        )
        return namespace
    }()

    private static let token =
        "SharedAccessSignature sr=sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1"
        + "&sig=%2F%2B%2FPEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ%3D&se=1700000000&skn=RootManageSharedAccessKey"

    /// The message id of the golden request.
    private static let uuid = hex("20af5e68654c48de8285604cab5ad40e")

    private func request(
        _ token: String = token,
        type: String = "servicebus.windows.net:sastoken",
        name: String = "sb://localhost:44371/hub1",
        operation: String = "put-token"
    ) throws -> Message {
        // The sections of the official Python client's request, with a token of ours.
        let properties = try Message(decoding: hex("005373c01e0d98") + Self.uuid + hex("404040404040404040404040"))
        var message = properties
        message.applicationProperties = [
            .string("name"): .string(name), .string("operation"): .string(operation), .string("type"): .string(type),
            .string("expiration"): .timestamp(Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)),
        ]
        message.body = .value(.string(token))
        return message
    }

    private func respond(to request: Message, at now: Int64 = 0) -> (Message, AccessGrants) {
        var grants = AccessGrants()
        let reply = node.respond(to: request, grants: &grants, at: now, trackingSuffix: " TrackingId:x")
        return (reply, grants)
    }

    @Test("the golden reply, byte for byte")
    func golden() throws {
        let (reply, grants) = respond(to: try request())
        // Sections of the golden transfer; ours adds the null body that real replies end with.
        let golden =
            "005373c01e0d40404040409820af5e68654c48de8285604cab5ad40e40404040404040"
            + "005374c13104a10b7374617475732d636f646571000000caa1127374617475732d6465736372697074696f6ea1084163636570746564"
        #expect(reply.encoded().hexadecimal == golden + "00537740")
        #expect(grants.allows(anyOf: .send, on: EntityPath(segments: ["hub1", "Partitions", "0"]), at: 0))
    }

    @Test("refusals carry a status, a text and no grant")
    func refusals() throws {
        let cases: [(Message, Int32, String)] = [
            (
                try request(Self.token.replacing("sig=%2F", with: "sig=%2E")), 401,
                "InvalidSignature: The token has an invalid signature. TrackingId:x"
            ),
            (try request(name: "sb://h/hub2"), 401, "InvalidAudience"),
            (try request("nonsense"), 400, "MalformedToken"),
            (try request(type: "other"), 400, "MalformedToken"),
            (try request(operation: "get-token"), 400, "BadRequest"),
            (Message(value: .string(Self.token)), 400, "BadRequest"),
        ]
        for (request, status, text) in cases {
            let (reply, grants) = respond(to: request)
            #expect(reply.applicationProperties?[string: "status-code"] == .int(status))
            let description = try #require(reply.applicationProperties?[string: "status-description"]?.stringValue)
            #expect(description.hasPrefix(text))
            #expect(!grants.allows(anyOf: .manage, on: EntityPath(segments: ["hub1"]), at: 0))
            #expect(reply.properties?.correlationID == request.properties?.messageID)
        }
        let (expired, _) = respond(to: try request(), at: 1_800_000_000_000)
        #expect(expired.applicationProperties?[string: "error-condition"] == .symbol("amqp:unauthorized-access"))
    }

    @Test("a hub that is not there is told to whoever may ask for it, by any kind of token")
    func unknownHub() throws {
        let issuer = TokenIssuer(key: String(repeating: "k", count: 32))
        let token = issuer.token(for: TokenIssuer.eventHubs, expirySeconds: 100)
        let node = CBSNode(namespace: Self.namespace, verifier: TokenVerifier(policies: [], issuer: issuer))
        for (name, status) in [
            ("sb://h/nothere", 404), ("sb://h/nothere/Partitions/0", 404), ("sb://h/HUB1/Partitions/9", 202),
            ("sb://h/", 202), ("sb://h/$management", 202),
        ] as [(String, Int32)] {
            var grants = AccessGrants()
            let request = try request(token, type: "jwt", name: name)
            let reply = node.respond(to: request, grants: &grants, at: 0, trackingSuffix: " TrackingId:x")
            #expect(reply.applicationProperties?[string: "status-code"] == .int(status), "\(name)")
            guard status == 404 else { continue }
            #expect(reply.applicationProperties?[string: "error-condition"] == .symbol("amqp:not-found"))
            let text = reply.applicationProperties?[string: "status-description"]?.stringValue
            #expect(text?.hasPrefix("The messaging entity 'sb://ns/nothere' could not be found.") == true)
        }
    }

    @Test("a bearer token of the issuer is good until it expires; without an issuer none is")
    func bearer() throws {
        let issuer = TokenIssuer(key: String(repeating: "k", count: 32))
        let token = issuer.token(for: TokenIssuer.eventHubs, expirySeconds: 100)
        let node = CBSNode(namespace: Self.namespace, verifier: TokenVerifier(policies: [], issuer: issuer))
        var grants = AccessGrants()
        let reply = node.respond(to: try request(token, type: "jwt"), grants: &grants, at: 99_999, trackingSuffix: "")
        #expect(reply.applicationProperties?[string: "status-code"] == .int(202))
        #expect(grants.allows(anyOf: .listen, on: EntityPath(segments: ["HUB1"]), at: 99_999))
        #expect(!grants.allows(anyOf: .listen, on: EntityPath(segments: ["HUB1"]), at: 100_000))

        let (refusal, none) = respond(to: try request(token, type: "jwt"))
        #expect(refusal.applicationProperties?[string: "status-code"] == .int(401))
        #expect(!none.allows(anyOf: .listen, on: EntityPath(segments: ["hub1"]), at: 0))
    }
}
