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
import Foundation
import HTTPExchange
import Synchronization
import Testing

@testable import EventHubsIdentity

@Suite("Chains", .timeLimit(.minutes(1)))
struct ChainedCredentialTests {
    private final class Member: TokenCredential {
        let result: Mutex<Result<String, any Error>>
        let asked = Mutex(0)

        init(_ result: Result<String, any Error>) { self.result = Mutex(result) }

        func token(for audience: String) async throws -> AccessToken {
            asked.withLock { $0 += 1 }
            return AccessToken(try result.withLock(\.self).get(), kind: .jwt, expiry: nil)
        }
    }

    private func unavailable(_ name: String) -> Member {
        Member(.failure(CredentialError(.unavailable, of: name, "not here")))
    }

    @Test("the first member that is set up is used, from then on alone")
    func first() async throws {
        let (absent, present, spare) = (unavailable("A"), Member(.success("b")), Member(.success("c")))
        let chain = ChainedCredential([absent, present, spare])
        for _ in 0..<3 { #expect(try await chain.token(for: entity).value == "b") }
        #expect(absent.asked.withLock(\.self) == 1 && present.asked.withLock(\.self) == 3)
        present.result.withLock { $0 = .failure(CredentialError(.unavailable, of: "B", "gone")) }
        #expect(await credentialError { try await chain.token(for: entity) }?.credential == "B")
        #expect(spare.asked.withLock(\.self) == 0)
    }

    @Test("a member that is set up and fails is not replaced by another")
    func failing() async {
        let spare = Member(.success("c"))
        for code in CredentialError.Code.allCases where code != .unavailable {
            let chain = ChainedCredential([
                unavailable("A"), Member(.failure(CredentialError(code, of: "B", "why"))), spare,
            ])
            let error = await credentialError { try await chain.token(for: entity) }
            #expect(error?.code == code)
            #expect(error?.message.contains("- A: not here\n- B: why") == true)
        }
        struct Other: Error {}
        let chain = ChainedCredential([Member(.failure(Other())), spare])
        await #expect(throws: Other.self) { try await chain.token(for: entity) }
        #expect(spare.asked.withLock(\.self) == 0)
    }

    @Test("nobody has a token: everybody says why")
    func none() async {
        let chain = ChainedCredential([unavailable("A"), unavailable("B")])
        let error = await credentialError { try await chain.token(for: entity) }
        #expect(error?.description == "ChainedCredential: no member has a token:\n- A: not here\n- B: not here")
        #expect(await credentialError { try await ChainedCredential([]).token(for: entity) }?.code == .unavailable)
    }

    private func standard(_ issuer: ScriptedIssuer, _ variables: [String: String]) -> DefaultAzureCredential {
        DefaultAzureCredential(
            managedIdentity: nil,
            configuration: CredentialConfiguration(),
            environment: issuer.environment(variables)
        )
    }

    @Test("the default chain says of each of its members why it has no token, in its order")
    func defaultNone() async throws {
        let issuer = ScriptedIssuer(.failure(.timedOut))
        let chain = standard(issuer, [:])
        let error = try #require(await credentialError { try await chain.token(for: entity) })
        let lines = error.message.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != ":" }) }
        #expect(
            lines == [
                "- EnvironmentCredential", "- WorkloadIdentityCredential", "- ManagedIdentityCredential",
                "- AzureCLICredential",
            ]
        )
        for reason in [
            "not set: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_FEDERATED_TOKEN_FILE", "169.254.169.254 is not reached", "no 'az' in PATH",
        ] {
            #expect(error.message.contains(reason), "\(error)")
        }
    }

    @Test("the default chain takes what the environment describes")
    func defaultEnvironment() async throws {
        let app = ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c"]
        let secret = ScriptedIssuer(ScriptedIssuer.token())
        _ = try await standard(secret, app.merging(["AZURE_CLIENT_SECRET": "s"]) { $1 }).token(for: entity)
        #expect(String(decoding: secret.requests[0].body ?? [], as: UTF8.self).contains("client_secret=s&"))

        let signed = ScriptedIssuer(ScriptedIssuer.token())
        let file = [
            "AZURE_CLIENT_CERTIFICATE_PATH": certificate("app-encrypted"),
            "AZURE_CLIENT_CERTIFICATE_PASSWORD": "open sesame",
        ]
        _ = try await standard(signed, app.merging(file) { $1 }).token(for: entity)
        #expect(String(decoding: signed.requests[0].body ?? [], as: UTF8.self).contains("client_assertion=eyJ"))

        try await withTemporaryDirectory { directory in
            try Data("eyJ.a.b".utf8).write(to: URL(fileURLWithPath: directory + "/token"))
            let pod = ScriptedIssuer(ScriptedIssuer.token())
            let variables = app.merging(["AZURE_FEDERATED_TOKEN_FILE": directory + "/token"]) { $1 }
            _ = try await standard(pod, variables).token(for: entity)
            #expect(String(decoding: pod.requests[0].body ?? [], as: UTF8.self).contains("client_assertion=eyJ.a.b&"))
        }

        let machine = ScriptedIssuer(.response(400, ""), ScriptedIssuer.token())
        _ = try await standard(machine, ["AZURE_CLIENT_ID": "c"]).token(for: entity)
        #expect(machine.requests.last?.url.hasSuffix("&client_id=c") == true)
    }

    @Test("a secret that is refused ends the search")
    func defaultRefused() async throws {
        let issuer = ScriptedIssuer(.response(401, #"{"error":"invalid_client"}"#))
        let chain = standard(issuer, ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"])
        let error = await credentialError { try await chain.token(for: entity) }
        #expect(error?.code == .refused)
        #expect(issuer.requests.count == 1)
        let broken = standard(
            ScriptedIssuer(),
            ["AZURE_TENANT_ID": "/", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"]
        )
        #expect(await credentialError { try await broken.token(for: entity) }?.code == .invalidConfiguration)
    }
}
