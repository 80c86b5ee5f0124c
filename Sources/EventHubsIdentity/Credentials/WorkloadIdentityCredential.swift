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
import Foundation

/// The identity of a Kubernetes workload: the cluster's token in a file, traded for one of Microsoft Entra ID.
///
/// The file is read for each request, because the cluster replaces it. Tokens are kept and replaced ahead of time; copies
/// share them.
public struct WorkloadIdentityCredential: TokenCredential {
    static let name = "WorkloadIdentityCredential"
    private let tokens: Result<TokenCache, CredentialError>

    /// A credential of this pod. What is not given is taken from the variables that the cluster sets.
    /// - Parameters:
    ///   - tenantID: the tenant's ID; nil: `AZURE_TENANT_ID`.
    ///   - clientID: the ID of the app or the managed identity; nil: `AZURE_CLIENT_ID`.
    ///   - tokenFile: where the cluster's token is; nil: `AZURE_FEDERATED_TOKEN_FILE`.
    ///   - configuration: where Microsoft Entra ID is, and where to log.
    public init(
        tenantID: String? = nil,
        clientID: String? = nil,
        tokenFile: String? = nil,
        configuration: CredentialConfiguration = CredentialConfiguration()
    ) {
        self.init(
            tenantID: tenantID,
            clientID: clientID,
            tokenFile: tokenFile,
            configuration: configuration,
            environment: .system
        )
    }

    package init(
        tenantID: String?,
        clientID: String?,
        tokenFile: String?,
        configuration: CredentialConfiguration,
        environment: CredentialEnvironment
    ) {
        do throws(CredentialError) {
            let (tenantID, clientID, tokenFile) = (
                tenantID ?? environment.variable("AZURE_TENANT_ID"),
                clientID ?? environment.variable("AZURE_CLIENT_ID"),
                tokenFile ?? environment.variable("AZURE_FEDERATED_TOKEN_FILE")
            )
            guard let tenantID, let clientID, let tokenFile else {
                let missing = [
                    tenantID == nil ? "AZURE_TENANT_ID" : nil, clientID == nil ? "AZURE_CLIENT_ID" : nil,
                    tokenFile == nil ? "AZURE_FEDERATED_TOKEN_FILE" : nil,
                ].compactMap { $0 }
                throw CredentialError(
                    .unavailable,
                    of: Self.name,
                    "not set: \(missing.joined(separator: ", ")). Is this a pod with workload identity?"
                )
            }
            let grant = ClientCredentialsGrant(
                endpoint: try TokenEndpoint(
                    authority: configuration.authority(environment),
                    tenantID: tenantID,
                    clientID: clientID,
                    of: Self.name
                ),
                proof: .assertion { _ throws(CredentialError) in try Self.read(tokenFile) },
                service: TokenService(name: Self.name, environment: environment, logger: configuration.logger)
            )
            tokens = .success(TokenCache(grant, environment: environment.client))
        } catch {
            tokens = .failure(error)
        }
    }

    /// A token for the service behind `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken {
        try await tokens.get().token(for: audience)
    }

    /// No token of a cluster is larger.
    private static let maximumLength = 64 * 1024

    private static func read(_ path: String) throws(CredentialError) -> Secret {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: maximumLength + 1)
        else {
            throw CredentialError(.unavailable, of: name, "the cluster's token in \(path) cannot be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard data.count <= maximumLength, !text.isEmpty else {
            throw CredentialError(.unavailable, of: name, "\(path) holds no token of the cluster")
        }
        return Secret(text)
    }
}
