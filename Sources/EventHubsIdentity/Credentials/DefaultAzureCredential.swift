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

/// What fits where the process runs: the environment's variables, the pod's workload identity, the machine's managed
/// identity, or the person signed in with the Azure CLI, in this order.
///
/// The same code runs on a developer's machine and in production. The order is that of the official SDKs. When none of
/// them has a token, the error says why of each.
public struct DefaultAzureCredential: TokenCredential {
    private let chain: ChainedCredential

    /// The default chain.
    /// - Parameters:
    ///   - managedIdentity: which managed identity; nil: the one that `AZURE_CLIENT_ID` names, else the machine's own.
    ///   - configuration: where Microsoft Entra ID is, and where to log.
    public init(
        managedIdentity: ManagedIdentityCredential.Identity? = nil,
        configuration: CredentialConfiguration = CredentialConfiguration()
    ) {
        self.init(managedIdentity: managedIdentity, configuration: configuration, environment: .system)
    }

    package init(
        managedIdentity: ManagedIdentityCredential.Identity?,
        configuration: CredentialConfiguration,
        environment: CredentialEnvironment
    ) {
        let identity =
            managedIdentity ?? environment.variable("AZURE_CLIENT_ID").map { .clientID($0) } ?? .systemAssigned
        chain = ChainedCredential(
            [
                EnvironmentCredential(configuration: configuration, environment: environment),
                WorkloadIdentityCredential(
                    tenantID: nil,
                    clientID: nil,
                    tokenFile: nil,
                    configuration: configuration,
                    environment: environment
                ),
                ManagedIdentityCredential(
                    identity,
                    logger: configuration.logger,
                    environment: environment,
                    probes: true
                ),
                AzureCLICredential(environment: environment),
            ],
            name: "DefaultAzureCredential"
        )
    }

    /// A token of the first member that has one.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, which says what each member said, or `CancellationError` when the calling task is
    ///   cancelled.
    public func token(for audience: String) async throws -> AccessToken { try await chain.token(for: audience) }
}
