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

import EventHubsEmulator
import Testing

@Suite("Token verification")
struct TokenVerifierTests {
    private let verifier = TokenVerifier(policies: [
        .developmentDefault,
        SharedAccessPolicy(name: "listen", key: "c2VjcmV0", rights: .listen),
        SharedAccessPolicy(name: "scoped", key: "k", rights: .send, hub: "hub2"),
    ])
    private let hubToken =
        "SharedAccessSignature sr=sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1"
        + "&sig=%2F%2B%2FPEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ%3D&se=1700000000&skn=RootManageSharedAccessKey"
    private let partitionToken =
        "SharedAccessSignature sr=amqps%3A%2F%2Fexample.servicebus.windows.net%2Fhub1%2FConsumerGroups%2F%24Default"
        + "%2FPartitions%2F0&sig=EqhzGRBLbCIJ0m3dhJR6nOXaAt%2FzKFiTvtQPjWnLpng%3D&se=1893456000&skn=listen"

    @Test("the vectors of the wire contract verify")
    func vectors() throws {
        let grant = try verifier.verify(
            sharedAccessSignature: hubToken,
            audience: "amqps://127.0.0.1:1234/hub1",
            at: 1_699_999_999_999
        )
        #expect(grant == AccessGrant(path: EntityPath(segments: ["hub1"]), rights: .manage, expiry: 1_700_000_000_000))
        let partition = try verifier.verify(
            sharedAccessSignature: partitionToken,
            audience: "amqps://example.servicebus.windows.net/hub1/ConsumerGroups/$Default/Partitions/0",
            at: 0
        )
        #expect(partition.rights == .listen)
    }

    @Test("the fields may come in any order")
    func fieldOrder() throws {
        let reordered =
            "SharedAccessSignature skn=RootManageSharedAccessKey&se=1700000000"
            + "&sig=/%2b/PEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ=&sr=sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1"
        _ = try verifier.verify(sharedAccessSignature: reordered, audience: "sb://h/hub1", at: 0)
    }

    @Test("the signature is over the resource as it was written")
    func resourceVerbatim() {
        let lowered = hubToken.replacing("%3A%2F%2F", with: "%3a%2f%2f")
        #expect(throws: AuthorizationFailure.invalidSignature) {
            try verifier.verify(sharedAccessSignature: lowered, audience: "sb://h/hub1", at: 0)
        }
    }

    @Test func expired() {
        #expect(throws: AuthorizationFailure.expiredToken) {
            try verifier.verify(sharedAccessSignature: hubToken, audience: "sb://h/hub1", at: 1_700_000_000_000)
        }
    }

    @Test("a token covers what lies beneath its resource, and nothing else")
    func scope() throws {
        _ = try verifier.verify(
            sharedAccessSignature: hubToken,
            audience: "sb://h/HUB1/consumergroups/g/partitions/3",
            at: 0
        )
        for audience in ["sb://h/hub2", "sb://h/hub10", "sb://h"] {
            #expect(throws: AuthorizationFailure.invalidAudience(audience)) {
                try verifier.verify(sharedAccessSignature: hubToken, audience: audience, at: 0)
            }
        }
    }

    @Test(
        "what is no token is refused",
        arguments: [
            "", "SharedAccessSignature", "SharedAccessSignature ", "Bearer abc",
            "SharedAccessSignature sr=a&sig=b&se=1",
            "SharedAccessSignature sr=a&sig=b&se=x&skn=n", "SharedAccessSignature sr=a&sig&se=1&skn=n",
            "SharedAccessSignature sr=a&sig=b&se=-1&skn=n",
        ]
    )
    func malformed(_ text: String) {
        #expect(throws: AuthorizationFailure.malformedToken) {
            try verifier.verify(sharedAccessSignature: text, audience: "sb://h/hub1", at: 0)
        }
    }

    @Test("wrong key names and keys are refused")
    func wrongKeys() {
        #expect(throws: AuthorizationFailure.invalidSignature) {
            try verifier.verify(
                sharedAccessSignature: hubToken.replacing("RootManage", with: "Manage"),
                audience: "sb://h/hub1",
                at: 0
            )
        }
        #expect(verifier.verify(keyName: "RootManageSharedAccessKey", key: "wrong") == nil)
        #expect(verifier.verify(keyName: "nobody", key: "SAS_KEY_VALUE") == nil)
        #expect(verifier.verify(keyName: "listen", key: "c2VjcmV0")?.rights == .listen)
        #expect(verifier.verify(keyName: "scoped", key: "k")?.path == EntityPath(segments: ["hub2"]))
    }

    @Test("grants lapse, and are renewed by audience")
    func grants() {
        var grants = AccessGrants()
        let hub = EntityPath(segments: ["hub1"])
        let partition = EntityPath(segments: ["Hub1", "Partitions", "0"])
        #expect(!grants.allows(anyOf: .send, on: hub, at: 0))
        var put = grants.put(AccessGrant(path: hub, rights: .send, expiry: 10), for: hub)
        #expect(put)
        #expect(grants.allows(anyOf: .send, on: partition, at: 9))
        #expect(!grants.allows(anyOf: .listen, on: partition, at: 9))
        #expect(!grants.allows(anyOf: .send, on: partition, at: 10))
        #expect(grants.nextExpiry(after: 0) == 10)
        put = grants.put(AccessGrant(path: hub, rights: .manage, expiry: 20), for: EntityPath(segments: ["HUB1"]))
        #expect(put)
        #expect(grants.allows(anyOf: [.send, .listen], on: partition, at: 15))
        #expect(grants.nextExpiry(after: 0) == 20)
        for number in 1..<AccessGrants.maximumCount {
            let other = EntityPath(segments: ["h\(number)"])
            put = grants.put(AccessGrant(path: other, rights: .send, expiry: nil), for: other)
            #expect(put)
        }
        put = grants.put(AccessGrant(path: hub, rights: .send, expiry: nil), for: EntityPath(segments: ["more"]))
        #expect(!put)
    }

    @Test("keys do not show in descriptions")
    func redaction() {
        let policy = SharedAccessPolicy.developmentDefault
        for text in ["\(policy)", String(reflecting: policy), "\([policy])"] {
            #expect(!text.contains("SAS_KEY_VALUE"))
        }
        var dumped = ""
        dump(policy, to: &dumped)
        #expect(!dumped.contains("SAS_KEY_VALUE"))
    }
}
