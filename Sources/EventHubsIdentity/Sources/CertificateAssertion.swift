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
import EventHubs

/// The proof of an app that holds a certificate: a JSON web token about itself, signed with the certificate's key.
struct CertificateAssertion: Sendable {
    let certificate: CertificateKey
    let clientID: String

    /// How long an assertion is good for, in seconds.
    private static let lifetime: Int64 = 600

    /// A new assertion.
    ///
    /// - Parameters:
    ///   - url: The token endpoint that it is for.
    ///   - id: What tells it from all others.
    ///   - now: When it is made.
    /// - Returns: The assertion.
    /// - Throws: What kept the key from signing.
    func token(for url: String, id: String, at now: Timestamp) throws(CertificateKey.Failure) -> Secret {
        // None of the values needs escaping: URL, client ID and number have been checked for their characters.
        let seconds = now.millisecondsSinceEpoch / 1000
        let thumbprint = Base64.encodeURL(certificate.thumbprint)
        let header = #"{"alg":"PS256","typ":"JWT","x5t#S256":"\#(thumbprint)"}"#
        let claims =
            #"{"aud":"\#(url)","exp":\#(seconds + Self.lifetime),"iat":\#(seconds),"iss":"\#(clientID)","#
            + #""jti":"\#(id)","nbf":\#(seconds),"sub":"\#(clientID)"}"#
        let signed = Base64.encodeURL(Array(header.utf8)) + "." + Base64.encodeURL(Array(claims.utf8))
        let signature = try certificate.signPS256(Array(signed.utf8))
        return Secret(signed + "." + Base64.encodeURL(signature))
    }
}
