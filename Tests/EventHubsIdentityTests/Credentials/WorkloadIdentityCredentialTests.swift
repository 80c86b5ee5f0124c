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
import Testing

@testable import EventHubsIdentity

@Suite("Workload identity", .timeLimit(.minutes(1)))
struct WorkloadIdentityCredentialTests {
    private func credential(
        _ issuer: ScriptedIssuer,
        file: String,
        _ variables: [String: String] = ["AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "client"]
    ) -> WorkloadIdentityCredential {
        WorkloadIdentityCredential(
            tenantID: nil,
            clientID: nil,
            tokenFile: nil,
            configuration: CredentialConfiguration(),
            environment: issuer.environment(variables.merging(["AZURE_FEDERATED_TOKEN_FILE": file]) { $1 })
        )
    }

    /// The third case of Microsoft's article on the client credentials flow.
    @Test("the cluster's token is read for each request")
    func request() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/token"
            try Data("eyJhbGciOiJSUzI1NiJ9.e30.first\n".utf8).write(to: URL(fileURLWithPath: file))
            let issuer = ScriptedIssuer(ScriptedIssuer.token("a", for: 60), ScriptedIssuer.token("b"))
            let credential = self.credential(issuer, file: file)
            #expect(try await credential.token(for: entity).value == "a")
            try Data("eyJhbGciOiJSUzI1NiJ9.e30.second".utf8).write(to: URL(fileURLWithPath: file))
            issuer.advance(by: 60)
            #expect(try await credential.token(for: entity).value == "b")
            #expect(
                issuer.requests.map(\.url)
                    == Array(repeating: "https://login.microsoftonline.com/tenant/oauth2/v2.0/token", count: 2)
            )
            #expect(
                issuer.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
                    == ["first", "second"].map {
                        "client_id=client&scope=https%3A%2F%2Feventhubs.azure.net%2F.default&client_assertion_type="
                            + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                            + "&client_assertion=eyJhbGciOiJSUzI1NiJ9.e30.\($0)&grant_type=client_credentials"
                    }
            )
        }
    }

    @Test("what is missing is named")
    func missing() async {
        let issuer = ScriptedIssuer()
        let credential = WorkloadIdentityCredential(
            tenantID: nil,
            clientID: "client",
            tokenFile: nil,
            configuration: CredentialConfiguration(),
            environment: issuer.environment()
        )
        let error = await credentialError { try await credential.token(for: entity) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("not set: AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE.") == true)
    }

    @Test("files that hold no token")
    func badFiles() async throws {
        try await withTemporaryDirectory { directory in
            try Data(" \n".utf8).write(to: URL(fileURLWithPath: directory + "/empty"))
            try Data(repeating: 65, count: 70_000).write(to: URL(fileURLWithPath: directory + "/large"))
            for name in ["none", "empty", "large"] {
                let issuer = ScriptedIssuer()
                let credential = self.credential(issuer, file: "\(directory)/\(name)")
                let error = await credentialError { try await credential.token(for: entity) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("\(directory)/\(name)") == true)
                #expect(issuer.requests.isEmpty)
            }
        }
    }
}
