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

/// How a TLS connection is made or accepted. The defaults verify everything.
package struct TLSConfiguration: Sendable, Hashable {
    /// Whose signatures are believed.
    package enum TrustedCertificates: Sendable, Hashable {
        /// The system's certificate authorities.
        case system
        /// The certificates in a PEM file, and no others.
        case file(String)
    }

    package enum Verification: Sendable, Hashable {
        /// The chain, its dates and the host name or address.
        case full
        /// Nothing: whoever answers is believed. For tests only.
        case none
    }

    /// What a server asks of its clients.
    package enum ClientCertificates: Sendable, Hashable {
        case ignored
        case requested
        case required
    }

    package var trustedCertificates: TrustedCertificates
    package var verification: Verification
    /// The name to send and to verify in place of the host connected to.
    package var serverName: String?
    /// Our own certificate and its chain, a PEM file: always on a server, on a client for authentication.
    package var certificateChainFile: String?
    /// The key of that certificate, a PEM file.
    package var privateKeyFile: String?
    /// Of a server only.
    package var clientCertificates: ClientCertificates

    /// A client's configuration.
    package init(
        trustedCertificates: TrustedCertificates = .system,
        verification: Verification = .full,
        serverName: String? = nil,
        certificateChainFile: String? = nil,
        privateKeyFile: String? = nil
    ) {
        self.trustedCertificates = trustedCertificates
        self.verification = verification
        self.serverName = serverName
        self.certificateChainFile = certificateChainFile
        self.privateKeyFile = privateKeyFile
        clientCertificates = .ignored
    }

    /// A server's configuration; client certificates are judged by `trustedCertificates`.
    package static func server(
        certificateChainFile: String,
        privateKeyFile: String,
        clientCertificates: ClientCertificates = .ignored,
        trustedCertificates: TrustedCertificates = .system
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration(
            trustedCertificates: trustedCertificates,
            certificateChainFile: certificateChainFile,
            privateKeyFile: privateKeyFile
        )
        configuration.clientCertificates = clientCertificates
        return configuration
    }
}
