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
import Foundation

/// Whom the emulator trusts to issue bearer tokens, in the place of Microsoft Entra ID.
///
/// Its tokens are JSON web tokens signed with HMAC-SHA256 (`HS256`). They are verified for real: signature, `iss`, `aud`,
/// `nbf` and `exp`. One that is good may do everything, for as long as it lasts.
public struct TokenIssuer: Sendable, Hashable {
    /// The audience of tokens for Event Hubs.
    public static let eventHubs = "https://eventhubs.azure.net"
    /// The audience of tokens for blobs.
    public static let storage = "https://storage.azure.com"

    /// What issuers are called unless they are given a name.
    public static let defaultName = "https://sts.example.test/"

    /// What the claim `iss` of its tokens says.
    public var name: String
    /// The key that signs, used as the UTF-8 bytes of this text: 32 of them at least.
    public var key: String

    /// Describes an issuer.
    public init(name: String = defaultName, key: String) {
        self.name = name
        self.key = key
    }

    /// Issues a token.
    ///
    /// - Parameters:
    ///   - audience: ``eventHubs`` or ``storage``.
    ///   - expirySeconds: seconds since 1970 from which the token is void.
    /// - Returns: the token, which is a secret: do not print it.
    public func token(for audience: String, expirySeconds: Int64) -> String {
        let payload = #"{"aud":\#(Self.quoted(audience)),"exp":\#(expirySeconds),"iss":\#(Self.quoted(name))}"#
        let signed =
            Base64.encodeURL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "." + Base64.encodeURL(Array(payload.utf8))
        return signed + "." + Base64.encodeURL(signature(of: signed))
    }

    private func signature(of text: some StringProtocol) -> [UInt8] {
        hmacSHA256(key: Array(key.utf8), data: Array(text.utf8))
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.value < 0x20: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

extension TokenIssuer {
    /// How many bytes a key has at least (RFC 7518, section 3.2).
    static let minimumKeyLength = 32

    /// Checks a token that was put or sent.
    ///
    /// - Parameters:
    ///   - text: the token.
    ///   - audience: whom it has to be for.
    ///   - now: milliseconds since 1970.
    /// - Returns: milliseconds since 1970 from which it is void.
    /// - Throws: why it is not good.
    func verify(_ text: String, for audience: String, at now: Int64) throws(AuthorizationFailure) -> Int64 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= SharedAccessSignatureToken.maximumLength, parts.count == 3,
            let header: Header = Self.decode(parts[0]), let signature = Base64.decodeURL(String(parts[2]))
        else { throw .malformedToken }
        guard header.alg == "HS256",
            constantTimeEquals(signature, self.signature(of: parts[0] + "." + parts[1]))
        else { throw .invalidSignature }
        guard let claims: Claims = Self.decode(parts[1]), let expiry = Self.milliseconds(claims.exp),
            let start = Self.milliseconds(claims.nbf ?? 0)
        else { throw .malformedToken }
        guard claims.iss == name else { throw .invalidIssuer }
        guard Self.trimmed(claims.aud) == Self.trimmed(audience) else { throw .invalidAudience(audience) }
        guard start <= now, expiry > now else { throw .expiredToken }
        return expiry
    }

    private struct Header: Decodable {
        var alg: String
    }

    private struct Claims: Decodable {
        var iss: String
        var aud: String
        var exp: Double
        var nbf: Double?
    }

    private static func decode<Value: Decodable>(_ part: Substring) -> Value? {
        Base64.decodeURL(String(part)).flatMap { try? JSONDecoder().decode(Value.self, from: Data($0)) }
    }

    private static func milliseconds(_ seconds: Double) -> Int64? { Int64(exactly: (seconds * 1000).rounded(.down)) }

    /// Audiences are written with a slash at the end and without.
    private static func trimmed(_ audience: String) -> Substring {
        audience.hasSuffix("/") ? audience.dropLast() : audience[...]
    }
}

extension TokenIssuer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The issuer without its key.
    public var description: String { "TokenIssuer(name: \(name))" }
    /// As ``description``.
    public var debugDescription: String { description }
    /// The issuer without its key.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
