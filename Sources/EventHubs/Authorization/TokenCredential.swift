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

/// Where tokens come from. The library asks again before a token expires.
///
/// An implementation may be called from several tasks at once and should answer from its own cache where a token is
/// expensive. Throw from ``token(for:)`` when there is none to be had, best a ``CredentialError``; it is kept as the cause
/// of the ``EventHubsError`` that the caller sees.
public protocol TokenCredential: Sendable {
    /// A token for `audience`.
    /// - Parameter audience: the resource: an entity of a namespace, `sb://name.servicebus.windows.net/hub`, or for
    ///   blobs `https://storage.azure.com`. Tokens of Microsoft Entra ID are for whole services: for an entity ask for
    ///   the scope `https://eventhubs.azure.net/.default`, for blobs for `https://storage.azure.com/.default`.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: what keeps the credential from having one.
    func token(for audience: String) async throws -> AccessToken
}

/// A policy's name and key; makes a new signature for each audience.
public struct SharedAccessKeyCredential: TokenCredential, Hashable {
    /// The policy's name.
    public let keyName: String

    /// How long each signature is good for.
    public let lifetime: Duration

    private let key: Secret
    private let clock: WallClock

    /// A credential from a policy.
    /// - Parameters:
    ///   - keyName: the policy's name.
    ///   - key: the policy's key, as the portal shows it.
    ///   - lifetime: how long each signature shall be good for.
    public init(keyName: String, key: String, lifetime: Duration = .seconds(3600)) {
        self.init(keyName: keyName, key: key, lifetime: lifetime, clock: .system)
    }

    package init(keyName: String, key: String, lifetime: Duration, clock: WallClock) {
        self.keyName = keyName
        self.key = Secret(key)
        self.lifetime = lifetime
        self.clock = clock
    }

    /// A new signature for `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: the signature and its expiry.
    /// - Throws: nothing.
    public func token(for audience: String) async throws -> AccessToken {
        let now = clock.now().millisecondsSinceEpoch
        let expirySeconds = (now &+ lifetime.wholeMilliseconds) / 1000
        let signature = SharedAccessSignature(
            resource: audience,
            keyName: keyName,
            key: key.revealed,
            expirySeconds: expirySeconds
        )
        return AccessToken(
            signature.value,
            kind: .sharedAccessSignature,
            expiry: Timestamp(millisecondsSinceEpoch: expirySeconds * 1000)
        )
    }

    /// Equal names, keys and lifetimes.
    public static func == (left: Self, right: Self) -> Bool {
        left.keyName == right.keyName && left.key == right.key && left.lifetime == right.lifetime
    }

    /// Feeds what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyName)
        hasher.combine(key)
        hasher.combine(lifetime)
    }
}

/// A ready-made signature: used until it expires, and never renewed.
public struct SharedAccessSignatureCredential: TokenCredential, Hashable {
    /// The signature, parsed.
    public let signature: SharedAccessSignature

    /// A credential from a token.
    /// - Parameter token: the token, beginning with the word `SharedAccessSignature`.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidArgument`` when it is none.
    public init(_ token: String) throws(EventHubsError) {
        signature = try SharedAccessSignature(parsing: token)
    }

    /// The one token, whatever the audience.
    /// - Parameter audience: not used; the token names its own resource.
    /// - Returns: the token and its expiry.
    /// - Throws: nothing.
    public func token(for audience: String) async throws -> AccessToken {
        AccessToken(
            signature.value,
            kind: .sharedAccessSignature,
            expiry: signature.expirySeconds.map {
                let (milliseconds, overflow) = $0.multipliedReportingOverflow(by: 1000)
                return Timestamp(millisecondsSinceEpoch: overflow ? .max : milliseconds)
            }
        )
    }
}
