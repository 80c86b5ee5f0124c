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

/// The grant `client_credentials` of OAuth 2.0, as the token endpoint of Microsoft Entra ID takes it: an app asks for
/// itself, with one of several proofs that it is the app.
struct ClientCredentialsGrant: TokenSource {
    /// What proves who asks.
    enum Proof: Sendable {
        /// A secret that the app shares with Microsoft Entra ID.
        case secret(Secret)
        /// A token that says so, made anew for each request to the endpoint of this URL.
        case assertion(@Sendable (_ url: String) throws(CredentialError) -> Secret)
    }

    let endpoint: TokenEndpoint
    let proof: Proof
    let service: TokenService

    var name: String { service.name }

    func issue(for resource: TokenResource) async throws(CredentialError) -> IssuedToken {
        var parameters = [
            HTTPRequest.Field("client_id", endpoint.clientID), HTTPRequest.Field("scope", resource.scope),
        ]
        let secret: Secret
        switch proof {
        case .secret(let shared):
            secret = shared
            parameters.append(.init("client_secret", secret.revealed))
        case .assertion(let make):
            secret = try make(endpoint.url)
            parameters.append(.init("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
            parameters.append(.init("client_assertion", secret.revealed))
        }
        parameters.append(.init("grant_type", "client_credentials"))
        let request = HTTPRequest(
            "POST",
            endpoint.url,
            headers: [.init("Accept", "application/json"), .init("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(FormText.encode(parameters).utf8)
        )
        return try await service.ask(request, hiding: [secret])
    }
}
