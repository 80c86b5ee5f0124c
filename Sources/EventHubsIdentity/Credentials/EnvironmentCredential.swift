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

/// An app registration that environment variables describe: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and either
/// `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH` (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`, if need be).
///
/// The variables are read when the credential is made.
public struct EnvironmentCredential: TokenCredential {
    static let name = "EnvironmentCredential"
    private let credential: Result<any TokenCredential, CredentialError>

    /// A credential of this process.
    /// - Parameter configuration: where Microsoft Entra ID is, and where to log.
    public init(configuration: CredentialConfiguration = CredentialConfiguration()) {
        self.init(configuration: configuration, environment: .system)
    }

    package init(configuration: CredentialConfiguration, environment: CredentialEnvironment) {
        do throws(CredentialError) {
            credential = .success(try Self.credential(configuration, environment))
        } catch {
            credential = .failure(error)
        }
    }

    /// A token for the service behind `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken {
        try await credential.get().token(for: audience)
    }

    private static func credential(
        _ configuration: CredentialConfiguration,
        _ environment: CredentialEnvironment
    ) throws(CredentialError) -> any TokenCredential {
        let (tenantID, clientID) = (environment.variable("AZURE_TENANT_ID"), environment.variable("AZURE_CLIENT_ID"))
        let secret = environment.variable("AZURE_CLIENT_SECRET")
        let certificate = environment.variable("AZURE_CLIENT_CERTIFICATE_PATH")
        guard let tenantID, let clientID, secret != nil || certificate != nil else {
            let missing = [
                tenantID == nil ? "AZURE_TENANT_ID" : nil, clientID == nil ? "AZURE_CLIENT_ID" : nil,
                secret == nil && certificate == nil ? "AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH" : nil,
            ].compactMap { $0 }
            throw CredentialError(.unavailable, of: name, "not set: \(missing.joined(separator: ", "))")
        }
        if let secret {
            return try ClientSecretCredential(
                tenantID: tenantID,
                clientID: clientID,
                secret: secret,
                configuration: configuration,
                environment: environment
            )
        }
        return try ClientCertificateCredential(
            tenantID: tenantID,
            clientID: clientID,
            certificateFile: certificate ?? "",
            password: environment.variable("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
            configuration: configuration,
            environment: environment
        )
    }
}
