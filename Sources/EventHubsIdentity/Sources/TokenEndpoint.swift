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

/// Where a tenant's tokens come from, and what the app is there.
struct TokenEndpoint: Sendable {
    /// The URL of the token endpoint, version 2.0.
    let url: String
    let clientID: String

    /// Checks what goes into the URL and the requests.
    ///
    /// - Parameters:
    ///   - authority: The base URL of Microsoft Entra ID; the scheme may be missing.
    ///   - tenantID: The tenant's number or domain name.
    ///   - clientID: The app's number.
    ///   - name: The credential's name, for errors.
    /// - Throws: `CredentialError` with code `invalidConfiguration`.
    init(authority: String, tenantID: String, clientID: String, of name: String) throws(CredentialError) {
        var authority = authority.contains("://") ? authority : "https://" + authority
        while authority.last == "/" { authority.removeLast() }
        guard HTTPOrigin(of: authority)?.isConfidential == true else {
            throw CredentialError(
                .invalidConfiguration,
                of: name,
                "secrets are not sent without TLS: the authority host '\(authority)' has to begin with https://"
            )
        }
        guard Self.isIdentifier(tenantID) else {
            throw CredentialError(
                .invalidConfiguration,
                of: name,
                "'\(tenantID)' is no tenant: give its ID (a GUID) or its domain name"
            )
        }
        guard Self.isIdentifier(clientID) else {
            throw CredentialError(.invalidConfiguration, of: name, "'\(clientID)' is no client ID: give the app's GUID")
        }
        url = "\(authority)/\(tenantID)/oauth2/v2.0/token"
        self.clientID = clientID
    }

    /// Letters, digits, dots and hyphens: nothing that would end the path of a URL, or begin an option.
    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text.first != "-"
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
