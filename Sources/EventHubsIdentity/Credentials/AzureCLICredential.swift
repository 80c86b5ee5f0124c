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

/// The person who has signed in with `az login`: for development, not for services.
///
/// Runs `az account get-access-token` without a shell, in the root directory, with a time limit. Tokens are kept and
/// replaced ahead of time; copies share them.
public struct AzureCLICredential: TokenCredential {
    static let name = "AzureCLICredential"
    private let tokens: TokenCache

    /// A credential of the signed-in person.
    /// - Parameters:
    ///   - tenantID: the tenant, when it is not the one signed in to.
    ///   - limit: how long the Azure CLI may take.
    /// - Throws: `CredentialError` with code `invalidConfiguration`.
    public init(tenantID: String? = nil, limit: Duration = .seconds(13)) throws(CredentialError) {
        try self.init(tenantID: tenantID, limit: limit, environment: .system)
    }

    package init(tenantID: String?, limit: Duration, environment: CredentialEnvironment) throws(CredentialError) {
        if let tenantID, !TokenEndpoint.isIdentifier(tenantID) {
            throw CredentialError(
                .invalidConfiguration,
                of: Self.name,
                "'\(tenantID)' is no tenant: give its ID (a GUID) or its domain name"
            )
        }
        self.init(checkedTenantID: tenantID, limit: limit, environment: environment)
    }

    /// The tenant signed in to.
    init(environment: CredentialEnvironment) {
        self.init(checkedTenantID: nil, limit: .seconds(13), environment: environment)
    }

    private init(checkedTenantID: String?, limit: Duration, environment: CredentialEnvironment) {
        let source = CommandLineSource(
            name: Self.name,
            tenantID: checkedTenantID,
            limit: limit,
            environment: environment
        )
        tokens = TokenCache(source, environment: environment.client)
    }

    /// A token for the service behind `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken { try await tokens.token(for: audience) }
}
