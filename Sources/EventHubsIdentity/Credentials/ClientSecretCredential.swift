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

public import EventHubs

/// An app registration and one of its secrets.
///
/// Tokens are kept and replaced ahead of time; copies share them. Many tasks may ask at once: one request is made.
public struct ClientSecretCredential: TokenCredential {
    static let name = "ClientSecretCredential"
    private let tokens: TokenCache

    /// A credential from a secret.
    /// - Parameters:
    ///   - tenantID: the tenant's ID or domain name.
    ///   - clientID: the app's ID.
    ///   - secret: the secret's value, not its ID.
    ///   - configuration: where Microsoft Entra ID is, and where to log.
    /// - Throws: `CredentialError` with code `invalidConfiguration`.
    public init(
        tenantID: String,
        clientID: String,
        secret: String,
        configuration: CredentialConfiguration = CredentialConfiguration()
    ) throws(CredentialError) {
        try self.init(
            tenantID: tenantID,
            clientID: clientID,
            secret: secret,
            configuration: configuration,
            environment: .system
        )
    }

    package init(
        tenantID: String,
        clientID: String,
        secret: String,
        configuration: CredentialConfiguration,
        environment: CredentialEnvironment
    ) throws(CredentialError) {
        guard !secret.isEmpty else {
            throw CredentialError(.invalidConfiguration, of: Self.name, "the secret is empty")
        }
        let grant = ClientCredentialsGrant(
            endpoint: try TokenEndpoint(
                authority: configuration.authority(environment),
                tenantID: tenantID,
                clientID: clientID,
                of: Self.name
            ),
            proof: .secret(Secret(secret)),
            service: TokenService(name: Self.name, environment: environment, logger: configuration.logger)
        )
        tokens = TokenCache(grant, environment: environment.client)
    }

    /// A token for the service behind `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken { try await tokens.token(for: audience) }
}

extension CredentialConfiguration {
    /// The base URL of Microsoft Entra ID.
    func authority(_ environment: CredentialEnvironment) -> String {
        authorityHost ?? environment.variable("AZURE_AUTHORITY_HOST") ?? Self.publicCloud
    }
}
