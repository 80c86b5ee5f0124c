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

import AMQPTransport
public import EventHubs
import Foundation

/// An app registration and a certificate whose key this process holds.
///
/// The file is read once, when the credential is made. Tokens are kept and replaced ahead of time; copies share them.
public struct ClientCertificateCredential: TokenCredential {
    static let name = "ClientCertificateCredential"
    private let tokens: TokenCache

    /// A credential from a file.
    /// - Parameters:
    ///   - tenantID: the tenant's ID or domain name.
    ///   - clientID: the app's ID.
    ///   - certificateFile: a PEM file with the certificate and its RSA private key.
    ///   - password: opens the key, if it is encrypted.
    ///   - configuration: where Microsoft Entra ID is, and where to log.
    /// - Throws: `CredentialError` with code `invalidConfiguration`.
    public init(
        tenantID: String,
        clientID: String,
        certificateFile: String,
        password: String? = nil,
        configuration: CredentialConfiguration = CredentialConfiguration()
    ) throws(CredentialError) {
        try self.init(
            tenantID: tenantID,
            clientID: clientID,
            certificateFile: certificateFile,
            password: password,
            configuration: configuration,
            environment: .system
        )
    }

    package init(
        tenantID: String,
        clientID: String,
        certificateFile: String,
        password: String?,
        configuration: CredentialConfiguration,
        environment: CredentialEnvironment
    ) throws(CredentialError) {
        guard let pem = FileManager.default.contents(atPath: certificateFile) else {
            throw CredentialError(.invalidConfiguration, of: Self.name, "\(certificateFile) cannot be read")
        }
        let certificate: CertificateKey
        do throws(CertificateKey.Failure) {
            certificate = try CertificateKey(pem: Array(pem), password: password)
        } catch {
            throw CredentialError(
                .invalidConfiguration,
                of: Self.name,
                "\(certificateFile) cannot be used: \(error). A PEM file with a certificate and its RSA key is needed."
            )
        }
        let endpoint = try TokenEndpoint(
            authority: configuration.authority(environment),
            tenantID: tenantID,
            clientID: clientID,
            of: Self.name
        )
        let assertion = CertificateAssertion(certificate: certificate, clientID: clientID)
        let clock = environment.client.wallClock
        let grant = ClientCredentialsGrant(
            endpoint: endpoint,
            proof: .assertion { url throws(CredentialError) in
                do throws(CertificateKey.Failure) {
                    return try assertion.token(for: url, id: UUID().uuidString.lowercased(), at: clock.now())
                } catch {
                    throw CredentialError(.invalidConfiguration, of: Self.name, "the certificate's key: \(error)")
                }
            },
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
