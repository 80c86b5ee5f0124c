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
import HTTPExchange
import Testing

@testable import EventHubsIdentity

@Suite("Managed identities", .timeLimit(.minutes(1)))
struct ManagedIdentityCredentialTests {
    private static let answer = ScriptedIssuer.Answer.response(
        200,
        #"{"access_token":"eyJ0eXAi","expires_in":"86400","expires_on":"1700086400","token_type":"Bearer"}"#
    )

    private func credential(
        _ issuer: ScriptedIssuer,
        _ identity: ManagedIdentityCredential.Identity = .systemAssigned,
        variables: [String: String] = [:],
        probes: Bool = false
    ) -> ManagedIdentityCredential {
        ManagedIdentityCredential(identity, logger: nil, environment: issuer.environment(variables), probes: probes)
    }

    private let metadata = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"

    /// As in Microsoft's article on tokens on virtual machines.
    @Test(
        "the metadata service is asked",
        arguments: [
            (ManagedIdentityCredential.Identity.systemAssigned, ""), (.clientID("5e29463d"), "&client_id=5e29463d"),
            (.objectID("a1"), "&object_id=a1"), (.resourceID("/subscriptions/s"), "&msi_res_id=%2Fsubscriptions%2Fs"),
        ]
    )
    func metadataService(identity: ManagedIdentityCredential.Identity, parameter: String) async throws {
        let issuer = ScriptedIssuer(Self.answer)
        #expect(try await credential(issuer, identity).token(for: entity).value == "eyJ0eXAi")
        let url = metadata + "&resource=https%3A%2F%2Feventhubs.azure.net" + parameter
        #expect(issuer.requests == [HTTPRequest("GET", url, headers: [.init("Metadata", "true")])])
    }

    /// As in Microsoft's article on App Service.
    @Test(
        "the token service beside an app is asked",
        arguments: [
            (ManagedIdentityCredential.Identity.systemAssigned, ""), (.clientID("5e29463d"), "&client_id=5e29463d"),
            (.objectID("a1"), "&principal_id=a1"), (.resourceID("/subscriptions/s"), "&mi_res_id=%2Fsubscriptions%2Fs"),
        ]
    )
    func appService(identity: ManagedIdentityCredential.Identity, parameter: String) async throws {
        let issuer = ScriptedIssuer(
            .response(200, #"{"access_token":"eyJ0eXAi","expires_on":"1700086400","token_type":"Bearer"}"#)
        )
        let variables = ["IDENTITY_ENDPOINT": "http://localhost:4141/MSI/token", "IDENTITY_HEADER": "853b9a84-5bfa"]
        let token = try await credential(issuer, identity, variables: variables).token(
            for: "https://storage.azure.com/"
        )
        #expect(token.expiry == Timestamp(millisecondsSinceEpoch: 1_700_086_400_000))
        let url = "http://localhost:4141/MSI/token?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com"
        #expect(
            issuer.requests == [
                HTTPRequest("GET", url + parameter, headers: [.init("X-IDENTITY-HEADER", "853b9a84-5bfa")])
            ]
        )
    }

    @Test("while the metadata service is updated, it is asked again, for 70 seconds if need be")
    func updates() async throws {
        let gone = ScriptedIssuer.Answer.response(410, "")
        let issuer = ScriptedIssuer(.response(404, ""), gone, gone, gone, gone, Self.answer)
        _ = try await credential(issuer).token(for: entity)
        #expect(issuer.pauses.dropFirst().reduce(.zero, +) >= .seconds(60))
        #expect(issuer.requests.count == 6)
        let neverBack = ScriptedIssuer(gone, gone, gone, gone, gone, gone)
        let error = await credentialError { try await credential(neverBack).token(for: entity) }
        #expect(error?.code == .busy)
        #expect(neverBack.pauses.reduce(.zero, +) >= .seconds(70))
    }

    @Test("a machine without the identity, and places that are not supported")
    func unavailable() async {
        let issuer = ScriptedIssuer(
            .response(400, #"{"error":"invalid_request","error_description":"Identity not found"}"#)
        )
        let error = await credentialError { try await credential(issuer).token(for: entity) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("Identity not found") == true)
        for variables in [
            ["IDENTITY_ENDPOINT": "http://localhost:40342"],
            ["IDENTITY_ENDPOINT": "http://x", "IDENTITY_HEADER": "h", "IDENTITY_SERVER_THUMBPRINT": "t"],
        ] {
            let issuer = ScriptedIssuer(Self.answer)
            let error = await credentialError { try await credential(issuer, variables: variables).token(for: entity) }
            #expect(error?.code == .unavailable)
            #expect(issuer.requests.isEmpty)
        }
    }

    @Test("a probe finds out whether this is a machine of Azure, once")
    func probe() async throws {
        let nobody = ScriptedIssuer(.failure(.unreachable(reason: "refused")))
        let error = await credentialError { try await credential(nobody, probes: true).token(for: entity) }
        #expect(error?.code == .unavailable)
        #expect(nobody.requests.count == 1)
        #expect(nobody.requests.first?.headers == [], "without the header the service refuses at once")

        let issuer = ScriptedIssuer(.response(400, #"{"error":"bad_request_102"}"#), Self.answer, Self.answer)
        let machine = credential(issuer, probes: true)
        _ = try await machine.token(for: entity)
        _ = try await machine.token(for: "https://storage.azure.com")
        #expect(issuer.requests.map(\.headers.count) == [0, 1, 1])
    }
}
