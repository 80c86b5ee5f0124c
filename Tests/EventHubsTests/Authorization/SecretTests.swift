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

/// Everything that holds a secret, printed in every way Swift prints.
@Suite("Secrets stay secret")
struct SecretTests {
    private static let key = "TOPSECRETKEYTOPSECRETKEY="
    private static let signature = "SharedAccessSignature sr=sb%3A%2F%2Fns%2Fhub&sig=TOPSECRETKEY%3D&se=1&skn=n"

    private func expectNoSecret(_ value: some Any, sourceLocation: SourceLocation = #_sourceLocation) {
        var dumped = ""
        dump(value, to: &dumped)
        for text in [String(describing: value), String(reflecting: value), "\(value)", dumped] {
            #expect(!text.contains("TOPSECRET"), sourceLocation: sourceLocation)
        }
    }

    @Test("Connection strings, credentials, tokens, clients")
    func redaction() async throws {
        let text = "Endpoint=sb://ns;SharedAccessKeyName=n;SharedAccessKey=\(Self.key);EntityPath=hub"
        let parsed = try EventHubsConnectionString(text)
        expectNoSecret(parsed)
        #expect(parsed.description.contains("SharedAccessKey=<redacted>"))
        expectNoSecret(try EventHubsConnectionString("Endpoint=sb://ns;SharedAccessSignature=\(Self.signature)"))
        expectNoSecret(try parsed.credential())
        expectNoSecret(SharedAccessKeyCredential(keyName: "n", key: Self.key))
        expectNoSecret(try SharedAccessSignatureCredential(Self.signature))
        expectNoSecret(try SharedAccessSignature(parsing: Self.signature))
        expectNoSecret(AccessToken(Self.key, kind: .jwt, expiry: nil))
        expectNoSecret([AccessToken(Self.key, kind: .jwt, expiry: nil)])
        expectNoSecret(Secret(Self.key))
        expectNoSecret(try EventHubConsumer(connectionString: text))
        expectNoSecret(try EventHubProducer(connectionString: text))
    }

    @Test("What a service says in an error is scrubbed")
    func scrubbing() {
        let text =
            "Bad token SharedAccessSignature sr=x&sig=TOPSECRET%3D&se=1 and SharedAccessKey=TOPSECRET; Bearer TOPSECRET."
        let error = ErrorMapping.error(for: AMQPErrorInfo(condition: .unauthorizedAccess, description: text))
        expectNoSecret(error)
        #expect(error.message.contains("&sig=<redacted>&se=1"))
        #expect(Redaction.scrub("nothing to hide") == "nothing to hide")
    }
}
