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

import EventHubs
import Testing

@Suite("Connection strings")
struct EventHubsConnectionStringTests {
    @Test("The emulator's published string")
    func emulator() throws {
        let text =
            "Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;"
            + "UseDevelopmentEmulator=true;"
        let parsed = try EventHubsConnectionString(text)
        #expect(parsed.host == "localhost")
        #expect(parsed.port == nil)
        #expect(parsed.eventHubName == nil)
        #expect(parsed.usesDevelopmentEmulator)
        #expect(parsed.authentication == .sharedAccessKey(name: "RootManageSharedAccessKey"))
        let endpoint = try EventHubsEndpoint(parsed, eventHubName: "hub1")
        #expect(endpoint.security == .plaintext)
        #expect(endpoint.effectivePort == 5672)
        #expect(endpoint.authority == "localhost")
    }

    @Test(
        "Schemes, ports, slashes and aliases",
        arguments: [
            ("Endpoint=sb://ns.example/", "ns.example", nil),
            ("endpoint=ns.example", "ns.example", nil),
            ("HostName=amqps://ns.example:5671", "ns.example", 5671),
            ("ENDPOINT=https://ns.example///", "ns.example", nil),
            (" Endpoint = amqp://localhost:34567 ; UseDevelopmentEmulator=TRUE", "localhost", 34567),
            ("Endpoint=sb://[::1]:5672/", "[::1]", 5672),
        ] as [(String, String, Int?)]
    )
    func endpoints(text: String, host: String, port: Int?) throws {
        let parsed = try EventHubsConnectionString(text)
        #expect(parsed.host == host)
        #expect(parsed.port == port)
    }

    @Test("A key keeps its equals signs, a signature its own")
    func equalsSigns() throws {
        let key = "c2VjcmV0c2VjcmV0c2VjcmV0=="
        let parsed = try EventHubsConnectionString(
            "Endpoint=sb://ns.example/;SharedAccessKeyName=send;SharedAccessKey=\(key);EntityPath=hub1"
        )
        let credential = try #require(try parsed.credential() as? SharedAccessKeyCredential)
        #expect(credential == SharedAccessKeyCredential(keyName: "send", key: key))

        let token = "SharedAccessSignature sr=sb%3A%2F%2Fns.example%2Fhub1&sig=abc%3D&se=1700000000&skn=send"
        let signed = try EventHubsConnectionString("Endpoint=sb://ns.example;SharedAccessSignature=\(token)")
        let ready = try #require(try signed.credential() as? SharedAccessSignatureCredential)
        #expect(ready.signature.value == token)
        #expect(ready.signature.expirySeconds == 1_700_000_000)
    }

    @Test("Legacy and unknown keys are ignored")
    func legacyKeys() throws {
        let parsed = try EventHubsConnectionString(
            "Endpoint=sb://ns.example;TransportType=AmqpWebSockets;OperationTimeout=00:01:00;RuntimePort=1;Authentication=x;New=1"
        )
        #expect(parsed.authentication == .none)
        #expect(throws: EventHubsError(.invalidConnectionString, "")) { try parsed.credential() }
    }

    @Test(
        "What cannot be used is refused with the reason and without any value",
        arguments: [
            ("", "empty"),
            ("  ;; ", "no 'Endpoint'"),
            ("SharedAccessKey=TOPSECRET;SharedAccessKeyName=n", "no 'Endpoint'"),
            ("Endpoint=sb://ns;SharedAccessKey=TOPSECRET", "SharedAccessKeyName"),
            ("Endpoint=sb://ns;SharedAccessKeyName=n", "no 'SharedAccessKey'"),
            ("Endpoint=sb://ns;SharedAccessKeyName=;SharedAccessKey=TOPSECRET", "empty"),
            ("Endpoint=sb://ns;TOPSECRET", "key=value"),
            ("Endpoint=sb://ns;=TOPSECRET", "key=value"),
            ("Endpoint=sb://ns;Endpoint=sb://other", "twice"),
            ("Endpoint=ftp://ns", "scheme"),
            ("Endpoint=sb://", "no host"),
            ("Endpoint=sb://ns:0", "port"),
            ("Endpoint=sb://ns:65536", "port"),
            ("Endpoint=sb://ns:", "port"),
            ("Endpoint=sb://[::1", "bracket"),
            ("Endpoint=sb://user@ns/path", "more than a host"),
            ("Endpoint=sb://ns;UseDevelopmentEmulator=perhaps", "neither true nor false"),
            ("Endpoint=sb://ns;SharedAccessSignature=TOPSECRET", "does not start"),
            (
                "Endpoint=sb://ns;SharedAccessKeyName=n;SharedAccessKey=TOPSECRET;SharedAccessSignature=SharedAccessSignature sr=x",
                "both"
            ),
        ]
    )
    func refusals(text: String, reason: String) {
        do {
            _ = try EventHubsConnectionString(text)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .invalidConnectionString)
            #expect(!error.isTransient)
            #expect(error.message.contains(reason), "\(error)")
            #expect(!String(reflecting: error).contains("TOPSECRET"))
        }
    }

    @Test("The hub's name comes from the string or the caller, and must not differ")
    func hubNames() throws {
        let named = try EventHubsConnectionString("Endpoint=sb://ns;EntityPath=hub1")
        #expect(try named.resolvedEventHubName() == "hub1")
        #expect(try named.resolvedEventHubName("HUB1") == "hub1")
        #expect(throws: EventHubsError(.invalidConnectionString, "")) { try named.resolvedEventHubName("hub2") }
        let unnamed = try EventHubsConnectionString("Endpoint=sb://ns")
        #expect(try unnamed.resolvedEventHubName("hub2") == "hub2")
        #expect(throws: EventHubsError(.invalidConnectionString, "")) { try unnamed.resolvedEventHubName() }
    }
}
