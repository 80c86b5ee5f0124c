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
import EventHubsEmulator
import EventHubsProcessor
import HTTPExchange
import Synchronization
import Testing

@testable import EventHubsBlobStore

/// Requests with tokens of Microsoft Entra ID. The service verifies each.
@Suite(.timeLimit(.minutes(1))) struct BlobTokensTests {
    /// Hands out tokens from a list, the last one again and again.
    final class Credential: TokenCredential {
        let tokens: Mutex<[Result<AccessToken, any Error>]>
        let audiences = Mutex<[String]>([])

        init(_ tokens: [Result<AccessToken, any Error>]) { self.tokens = Mutex(tokens) }

        func token(for audience: String) async throws -> AccessToken {
            audiences.withLock { $0.append(audience) }
            return try tokens.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
        }
    }

    let transport = ServiceTransport()

    func token(for audience: String = TokenIssuer.storage, expiresIn seconds: Int64 = 60) -> AccessToken {
        let expiry = transport.now.milliseconds / 1_000 + seconds
        return AccessToken(
            ServiceTransport.issuer.token(for: audience, expirySeconds: expiry),
            kind: .jwt,
            expiry: Timestamp(millisecondsSinceEpoch: expiry * 1_000)
        )
    }

    func client(_ credential: some TokenCredential) throws -> BlobContainerClient {
        BlobContainerClient(
            try BlobContainerLocation(url: "http://127.0.0.1:10000/devstoreaccount1/leases", credential: credential),
            configuration: .init(),
            transport: transport,
            wallClock: transport.skewedClock
        )
    }

    @Test func everyRequestCarriesAToken() async throws {
        let credential = Credential([.success(token())])
        let client = try client(credential)
        try await client.createContainer()
        _ = try await client.create("a", metadata: [.init("n", "1")])
        #expect(try await client.read("a")?.metadata == ["n": "1"])
        #expect(try await client.list(prefix: "").count == 1)
        for request in transport.requests {
            #expect(request.header("Authorization") == "Bearer \(token().value)")
            #expect(request.header("x-ms-version") == "2019-07-07")
        }
        #expect(Set(credential.audiences.withLock { $0 }) == ["https://storage.azure.com"])
    }

    @Test func aTokenThatWasReplacedMeanwhileIsNotTheEnd() async throws {
        let client = try client(Credential([.success(token(expiresIn: 0)), .success(token())]))
        try await client.createContainer()
        #expect(transport.requests.count == 2)
    }

    @Test func aTokenThatIsRefusedTwiceIsALoudError() async throws {
        for refused in [token(expiresIn: 0), token(for: TokenIssuer.eventHubs)] {
            let client = try client(Credential([.success(refused)]))
            transport.forgetRequests()
            let error = await #expect(throws: BlobStoreError(.accessDenied, "")) { try await client.createContainer() }
            #expect(error?.status == 401 && error?.serviceCode == "InvalidAuthenticationInfo")
            #expect(error?.message.contains("of the account's tenant") == true)
            #expect(error?.description.contains(refused.value) == false)
            #expect(transport.requests.count == 1)
        }
    }

    @Test func aMissingRoleIsNamed() async throws {
        let client = try client(Credential([.success(token())]))
        transport.expect(.status(403, headers: ["x-ms-error-code": "AuthorizationPermissionMismatch"]))
        let error = await #expect(throws: BlobStoreError(.accessDenied, "")) { try await client.createContainer() }
        #expect(error?.message.contains("Storage Blob Data Contributor") == true)
        #expect(transport.requests.count == 1)
    }

    @Test func noTokenIsTheCredentialsFault() async throws {
        let refused = CredentialError(.refused, of: "Test", "wrong secret")
        let busy = CredentialError(.busy, of: "Test", "later")
        let signature = AccessToken("SharedAccessSignature sr=x", kind: .sharedAccessSignature, expiry: nil)
        let cases: [(Result<AccessToken, any Error>, BlobStoreError.Code)] = [
            (.failure(refused), .accessDenied), (.failure(busy), .unavailable), (.success(signature), .accessDenied),
        ]
        for (result, code) in cases {
            let client = try client(Credential([result]))
            await #expect(throws: BlobStoreError(code, "")) { try await client.createContainer() }
        }
        let client = try client(Credential([.failure(refused)]))
        let error = await #expect(throws: BlobStoreError.self) { try await client.createContainer() }
        #expect(error?.description.contains("Test: wrong secret") == true)
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        "http://acc.blob.core.windows.net/leases", "http://localhost.example.com/leases",
        "https://acc.blob.core.windows.net/leases?sig=x", "https://acc.blob.core.windows.net", "ftp://x/leases",
    ])
    func refusesURLsThatTokensMustNotGoTo(url: String) {
        #expect(throws: BlobStoreError(.invalidConnectionString, "")) {
            try BlobContainerLocation(url: url, credential: Credential([.success(token())]))
        }
    }

    @Test func locationsAreNamedWithoutTheirTokens() throws {
        let credential = Credential([.success(token())])
        let location = try BlobContainerLocation(
            url: "https://acc.blob.core.windows.net",
            container: "leases",
            credential: credential
        )
        #expect(location.description == "https://acc.blob.core.windows.net/leases")
        var dumped = ""
        dump(location, to: &dumped)
        #expect(!dumped.contains("eyJ"))
        #expect(location == location)
    }

    /// Over HTTP, against a running emulator.
    @Test func overHTTP() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        configuration.tokenIssuer = ServiceTransport.issuer
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let good = ServiceTransport.issuer.token(for: TokenIssuer.storage, expirySeconds: 4_000_000_000)
            for (text, isGood) in [(good, true), (good + "x", false)] {
                let credential = Credential([.success(AccessToken(text, kind: .jwt, expiry: nil))])
                let location = try BlobContainerLocation(
                    url: emulator.blobEndpoint,
                    container: "leases",
                    credential: credential
                )
                let client = BlobContainerClient(location)
                if isGood {
                    try await client.createContainer()
                    _ = try await client.create("a", metadata: [])
                    #expect(try await client.read("a") != nil)
                } else {
                    await #expect(throws: BlobStoreError(.accessDenied, "")) { try await client.read("a") }
                }
            }
        }
    }
}
