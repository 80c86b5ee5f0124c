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

@Suite("Shared access signatures")
struct SharedAccessSignatureTests {
    /// The two vectors of the wire contract, made by an independent implementation.
    static let vectors: [(resource: String, key: String, name: String, expiry: Int64, token: String)] = [
        (
            "sb://example.servicebus.windows.net/hub1", "SAS_KEY_VALUE", "RootManageSharedAccessKey", 1_700_000_000,
            "SharedAccessSignature sr=sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1"
                + "&sig=%2F%2B%2FPEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ%3D&se=1700000000&skn=RootManageSharedAccessKey"
        ),
        (
            "amqps://example.servicebus.windows.net/hub1/ConsumerGroups/$Default/Partitions/0", "c2VjcmV0", "listen",
            1_893_456_000,
            "SharedAccessSignature sr=amqps%3A%2F%2Fexample.servicebus.windows.net%2Fhub1%2FConsumerGroups%2F%24Default"
                + "%2FPartitions%2F0&sig=EqhzGRBLbCIJ0m3dhJR6nOXaAt%2FzKFiTvtQPjWnLpng%3D&se=1893456000&skn=listen"
        ),
    ]

    @Test("Signing gives the published tokens", arguments: vectors)
    func signing(vector: (resource: String, key: String, name: String, expiry: Int64, token: String)) throws {
        let signature = SharedAccessSignature(
            resource: vector.resource,
            keyName: vector.name,
            key: vector.key,
            expirySeconds: vector.expiry
        )
        #expect(signature.value == vector.token)
        let parsed = try SharedAccessSignature(parsing: vector.token)
        #expect(parsed.resource == vector.resource)
        #expect(parsed.keyName == vector.name)
        #expect(parsed.expirySeconds == vector.expiry)
        #expect(parsed.isSigned(with: vector.key))
        #expect(!parsed.isSigned(with: vector.key + "x"))
    }

    @Test("Fields are found by name, and the resource is verified as it was received")
    func foreignSpelling() throws {
        // Lower-case escapes, as one of the official clients writes them: the signature covers that spelling.
        let resource = "sb%3a%2f%2fns%2fhub"
        let lower = try SharedAccessSignature(
            parsing: "sharedaccesssignature skn=n&se=1700000000&sig=AAAA&sr=\(resource)"
        )
        #expect(lower.encodedResource == resource)
        #expect(lower.resource == "sb://ns/hub")
        #expect(lower.keyName == "n")
        #expect(!lower.isSigned(with: "key"))
    }

    @Test("An expiry that cannot be read means that none is known")
    func unreadableExpiry() async throws {
        let credential = try SharedAccessSignatureCredential("SharedAccessSignature sr=x&sig=y&se=soon")
        #expect(credential.signature.expirySeconds == nil)
        #expect(try await credential.token(for: "anything").expiry == nil)
    }

    @Test("A token far in the future does not overflow")
    func farFuture() async throws {
        let credential = try SharedAccessSignatureCredential("SharedAccessSignature sr=x&sig=y&se=\(Int64.max)")
        let token = try await credential.token(for: "anything")
        #expect(token.expiry == Timestamp(millisecondsSinceEpoch: .max))
    }

    @Test(
        "What is no signature is refused",
        arguments: [
            "", "Bearer x", "SharedAccessSignature ", "SharedAccessSignature sr=x", "SharedAccessSignature sig=x",
        ]
    )
    func refusals(text: String) {
        #expect(throws: EventHubsError(.invalidArgument, "")) { try SharedAccessSignature(parsing: text) }
    }

    @Test("A key makes tokens that live as long as asked, from now")
    func keyCredential() async throws {
        let clock = WallClock { Timestamp(millisecondsSinceEpoch: 1_699_996_400_000) }
        let credential = SharedAccessKeyCredential(
            keyName: "RootManageSharedAccessKey",
            key: "SAS_KEY_VALUE",
            lifetime: .seconds(3600),
            clock: clock
        )
        let token = try await credential.token(for: "sb://example.servicebus.windows.net/hub1")
        #expect(token.value == Self.vectors[0].token)
        #expect(token.kind == .sharedAccessSignature)
        #expect(token.expiry == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
    }
}
