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

/// What a ``TokenCredential`` hands out: proof for one audience, until it expires.
public struct AccessToken: Sendable, Hashable {
    /// The kinds of token the service takes.
    public enum Kind: Sendable, Hashable {
        /// A shared access signature.
        case sharedAccessSignature
        /// A JSON web token, as Microsoft Entra ID issues them.
        case jwt

        /// The name `$cbs` knows it by.
        var cbsType: String {
            switch self {
            case .sharedAccessSignature: "servicebus.windows.net:sastoken"
            case .jwt: "jwt"
            }
        }
    }

    /// What kind of token it is.
    public let kind: Kind

    /// From when on the service refuses it; nil when that is not known.
    public let expiry: Timestamp?

    let secret: Secret

    /// The token's text. It is a secret: do not print it.
    public var value: String { secret.revealed }

    /// A token.
    /// - Parameters:
    ///   - value: the token's text.
    ///   - kind: what kind of token it is.
    ///   - expiry: from when on the service refuses it; nil when that is not known.
    public init(_ value: String, kind: Kind, expiry: Timestamp?) {
        secret = Secret(value)
        self.kind = kind
        self.expiry = expiry
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible {
    /// Kind and expiry, never the token.
    public var description: String {
        "AccessToken(\(kind), expiry: \(expiry.map { "\($0.millisecondsSinceEpoch) ms" } ?? "unknown"), <redacted>)"
    }

    /// As ``description``.
    public var debugDescription: String { description }
}
