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

import AMQPTransport
import Testing

@testable import EventHubsEmulator

@Suite("Bearer tokens")
struct TokenIssuerTests {
    private let issuer = TokenIssuer(key: "0123456789abcdef0123456789abcdef")
    private let expiry: Int64 = 1_700_000_000

    private func verify(_ token: String, at seconds: Int64) throws(AuthorizationFailure) -> Int64 {
        try issuer.verify(token, for: TokenIssuer.eventHubs, at: seconds * 1000)
    }

    /// Made by PyJWT 2.15: `iss`, `aud` with a slash at its end, `exp`, `nbf` 1699990000, and a claim nobody asked for.
    @Test("a token of another library verifies")
    func vector() throws {
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL3N0cy5leGFtcGxlLnRlc3QvIiwiYXVkIjoiaHR0cHM6Ly9l"
            + "dmVudGh1YnMuYXp1cmUubmV0LyIsImV4cCI6MTcwMDAwMDAwMCwibmJmIjoxNjk5OTkwMDAwLCJhcHBpZCI6IngifQ"
            + ".WwCSF-35EVsBOodfMOQGw6xHWjHjEA4uwX6rF1vauFo"
        #expect(try verify(token, at: expiry - 1) == expiry * 1000)
        #expect(try verify(token, at: 1_699_990_000) == expiry * 1000)
        for seconds in [1_699_989_999, expiry] {
            #expect(throws: AuthorizationFailure.expiredToken) { try verify(token, at: seconds) }
        }
        let changed = token.replacing("WwCSF", with: "WwCSG")
        #expect(throws: AuthorizationFailure.invalidSignature) { try verify(changed, at: 1_699_990_000) }
    }

    @Test(
        "tokens that are not signed with HMAC-SHA256 are refused, whatever their header says",
        arguments: [
            "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL3N0cy5leGFtcGxlLnRlc3QvIiwiYXVkIjoiaHR0cHM6Ly9ldmVu"
                + "dGh1YnMuYXp1cmUubmV0LyIsImV4cCI6MTcwMDAwMDAwMH0"
                + ".oEu81R3SI-XbxlV9J8Mwj3lyhxSv7Q4p0bi7HqNJzoX-KXFAKGmot5LLMEXlN5Pz",
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL3N0cy5leGFtcGxlLnRlc3QvIiwiYXVkIjoiaHR0cHM6Ly9ldmVu"
                + "dGh1YnMuYXp1cmUubmV0LyIsImV4cCI6MTcwMDAwMDAwMH0.",
        ]
    )
    func algorithms(_ token: String) {
        #expect(throws: AuthorizationFailure.invalidSignature) { try verify(token, at: 0) }
    }

    @Test("its own tokens are for one audience, of one issuer, and signed with one key")
    func own() throws {
        let token = issuer.token(for: TokenIssuer.eventHubs, expirySeconds: expiry)
        #expect(try verify(token, at: 0) == expiry * 1000)
        #expect(throws: AuthorizationFailure.invalidAudience(TokenIssuer.storage)) {
            try issuer.verify(token, for: TokenIssuer.storage, at: 0)
        }
        let namesake = TokenIssuer(name: issuer.name, key: "another key of at least 32 bytes")
        #expect(throws: AuthorizationFailure.invalidSignature) {
            try namesake.verify(token, for: TokenIssuer.eventHubs, at: 0)
        }
        let other = TokenIssuer(name: "a \"quoted\\ name\n", key: issuer.key)
        let foreign = other.token(for: TokenIssuer.eventHubs, expirySeconds: expiry)
        #expect(try other.verify(foreign, for: TokenIssuer.eventHubs, at: 0) == expiry * 1000)
        #expect(throws: AuthorizationFailure.invalidIssuer) { try verify(foreign, at: 0) }
    }

    @Test("what is no token is refused", arguments: ["", "a.b", "..", "a.b.c.d", "e30.e30.e30", "abc.def.ghi"])
    func malformed(_ text: String) {
        #expect(throws: AuthorizationFailure.malformedToken) { try verify(text, at: 0) }
    }

    @Test("claims that are missing or absurd are refused")
    func absurdClaims() {
        for claims in [
            "{}", #"{"iss":"https://sts.example.test/","aud":"https://eventhubs.azure.net"}"#,
            #"{"iss":"https://sts.example.test/","aud":"https://eventhubs.azure.net","exp":1e300}"#,
            #"{"iss":"https://sts.example.test/","aud":7,"exp":1}"#,
        ] {
            let signed =
                Base64.encodeURL(Array(#"{"alg":"HS256"}"#.utf8)) + "." + Base64.encodeURL(Array(claims.utf8))
            let signature = hmacSHA256(key: Array(issuer.key.utf8), data: Array(signed.utf8))
            #expect(throws: AuthorizationFailure.malformedToken) {
                try verify(signed + "." + Base64.encodeURL(signature), at: 0)
            }
        }
    }

    @Test("the key does not show, and must not be short")
    func key() {
        var dumped = ""
        dump(issuer, to: &dumped)
        for text in ["\(issuer)", String(reflecting: issuer), dumped] { #expect(!text.contains("0123456789")) }
        var configuration = EmulatorConfiguration(hubs: [.init(name: "a")])
        configuration.tokenIssuer = TokenIssuer(key: "short")
        #expect(throws: EmulatorError.self) { try EventHubsEmulator(configuration) }
    }
}
