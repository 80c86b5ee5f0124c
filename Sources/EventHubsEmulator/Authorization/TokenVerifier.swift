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

/// Why a token or a key was not accepted; the text is what the service would say.
package enum AuthorizationFailure: Error, Equatable, Sendable {
    case malformedToken
    case invalidSignature
    case expiredToken
    case invalidIssuer
    case noIssuer
    case invalidAudience(String)
    case tooManyTokens

    package var statusCode: Int32 {
        switch self {
        case .malformedToken: 400
        case .invalidSignature, .expiredToken, .invalidIssuer, .noIssuer, .invalidAudience: 401
        case .tooManyTokens: 403
        }
    }

    package var message: String {
        switch self {
        case .malformedToken: "MalformedToken: The token could not be read."
        case .invalidSignature: "InvalidSignature: The token has an invalid signature."
        case .expiredToken: "ExpiredToken: The token has expired, or is not valid yet."
        case .invalidIssuer: "InvalidIssuer: The token is of another issuer."
        case .noIssuer: "InvalidIssuer: The emulator was given no issuer of bearer tokens to trust."
        case .invalidAudience(let audience): "InvalidAudience: The token does not cover the resource '\(audience)'."
        case .tooManyTokens: "The connection holds tokens for too many resources."
        }
    }
}

/// Checks tokens and keys against the policies of the namespace.
package struct TokenVerifier: Sendable {
    private let policies: [SharedAccessPolicy]
    private let issuer: TokenIssuer?

    package init(policies: [SharedAccessPolicy], issuer: TokenIssuer? = nil) {
        self.policies = policies
        self.issuer = issuer
    }

    /// What a shared access signature allows on the audience it was put for.
    package func verify(
        sharedAccessSignature text: String,
        audience: String,
        at now: Int64
    ) throws(AuthorizationFailure) -> AccessGrant {
        guard let token = SharedAccessSignatureToken(parsing: text), let expiry = token.expiryTime else {
            throw .malformedToken
        }
        // Two hubs may have policies of one name: the key tells which is meant.
        let signer = policies.first { $0.name == token.keyName && token.isSigned(with: $0.key) }
        guard let policy = signer else { throw .invalidSignature }
        guard expiry > now else { throw .expiredToken }
        let path = token.path
        let audiencePath = EntityPath(resource: audience)
        guard path.covers(audiencePath), policy.covers(audiencePath) else { throw .invalidAudience(audience) }
        // The grant is for what was asked, even when the token would cover more.
        return AccessGrant(path: audiencePath, rights: policy.rights, expiry: expiry)
    }

    /// What a bearer token allows on the audience it was put for.
    package func verify(
        bearerToken text: String,
        audience: String,
        at now: Int64
    ) throws(AuthorizationFailure) -> AccessGrant {
        guard let issuer else { throw .noIssuer }
        let expiry = try issuer.verify(text, for: TokenIssuer.eventHubs, at: now)
        return AccessGrant(path: EntityPath(resource: audience), rights: .manage, expiry: expiry)
    }

    /// What a key name and key given by SASL PLAIN allow, or nil when they are wrong.
    package func verify(keyName: String, key: String) -> AccessGrant? {
        let policy = policies.first { $0.name == keyName && constantTimeEquals(Array($0.key.utf8), Array(key.utf8)) }
        guard let policy else { return nil }
        return AccessGrant(path: policy.scope, rights: policy.rights, expiry: nil)
    }
}

extension SharedAccessPolicy {
    fileprivate var scope: EntityPath { EntityPath(segments: hub.map { [$0] } ?? []) }

    fileprivate func covers(_ path: EntityPath) -> Bool { scope.covers(path) }
}

extension SharedAccessSignatureToken {
    fileprivate func isSigned(with key: String) -> Bool {
        let expected = Base64.encode(hmacSHA256(key: Array(key.utf8), data: Array(stringToSign.utf8)))
        return constantTimeEquals(Array(expected.utf8), Array(signature.utf8))
    }
}
