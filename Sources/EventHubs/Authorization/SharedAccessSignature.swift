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

internal import AMQPTransport

/// A token that proves knowledge of a shared access key, for one resource and everything beneath it, for a time.
///
/// The key's text is used as it is written (UTF-8), not decoded from base64. A signature covers the percent-encoded
/// resource exactly as it stands in the token, so a parsed token keeps that spelling. Descriptions do not show the
/// signature.
public struct SharedAccessSignature: Sendable, Hashable {
    /// The resource as it stands in the token, percent-encoded.
    public let encodedResource: String

    /// Name of the policy whose key signed; nil when the token does not say.
    public let keyName: String?

    /// Seconds since 1970 from which the token is void; nil when the token does not say in a readable way, which the
    /// official clients take for "never".
    public let expirySeconds: Int64?

    /// The signature, in base64.
    let signature: Secret

    /// The whole token.
    let token: Secret

    /// The token itself, to be sent to the service. It is a secret: do not print it.
    public var value: String { token.revealed }

    /// The resource, decoded.
    public var resource: String { PercentEncoding.decode(encodedResource) ?? encodedResource }

    /// Signs a new token.
    /// - Parameters:
    ///   - resource: what the token is for, for example `sb://name.servicebus.windows.net/hub`.
    ///   - keyName: the policy's name.
    ///   - key: the policy's key, as the portal shows it.
    ///   - expirySeconds: seconds since 1970 from which the token shall be void.
    public init(resource: String, keyName: String, key: String, expirySeconds: Int64) {
        let encoded = PercentEncoding.encode(resource)
        let signature = Self.sign(encodedResource: encoded, expirySeconds: expirySeconds, key: key)
        self.encodedResource = encoded
        self.keyName = keyName
        self.expirySeconds = expirySeconds
        self.signature = Secret(signature)
        token = Secret(
            "SharedAccessSignature sr=\(encoded)&sig=\(PercentEncoding.encode(signature))"
                + "&se=\(expirySeconds)&skn=\(keyName)"
        )
    }

    /// Reads a ready-made token; the order of its fields does not matter.
    /// - Parameter text: the token, beginning with the word `SharedAccessSignature`.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidArgument`` when it is none.
    public init(parsing text: String) throws(EventHubsError) {
        let text = text.trimmed
        let word = "sharedaccesssignature "
        guard text.lowercased().hasPrefix(word) else {
            throw EventHubsError(.invalidArgument, "A shared access signature starts with that word and a blank.")
        }
        var fields: [String: String] = [:]
        for field in text.dropFirst(word.count).split(separator: "&") {
            guard let equals = field.firstIndex(of: "=") else { continue }
            fields[field[..<equals].trimmed.lowercased()] = String(field[field.index(after: equals)...])
        }
        guard let resource = fields["sr"], !resource.isEmpty, let signature = fields["sig"], !signature.isEmpty else {
            throw EventHubsError(.invalidArgument, "A shared access signature has the fields 'sr' and 'sig'.")
        }
        encodedResource = resource
        keyName = fields["skn"].flatMap { PercentEncoding.decode($0) }
        expirySeconds = fields["se"].flatMap { Int64($0) }
        self.signature = Secret(PercentEncoding.decode(signature) ?? signature)
        token = Secret(String(text))
    }

    /// Whether `key` made this signature. Compares in constant time.
    public func isSigned(with key: String) -> Bool {
        guard let expirySeconds else { return false }
        let expected = Array(Self.sign(encodedResource: encodedResource, expirySeconds: expirySeconds, key: key).utf8)
        let actual = Array(signature.revealed.utf8)
        guard expected.count == actual.count else { return false }
        return zip(expected, actual).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func sign(encodedResource: String, expirySeconds: Int64, key: String) -> String {
        let text = Array("\(encodedResource)\n\(expirySeconds)".utf8)
        return Base64.encode(hmacSHA256(key: Array(key.utf8), data: text))
    }
}

extension SharedAccessSignature: CustomStringConvertible, CustomDebugStringConvertible {
    /// The token without its signature.
    public var description: String {
        "SharedAccessSignature sr=\(encodedResource)&sig=<redacted>"
            + (expirySeconds.map { "&se=\($0)" } ?? "") + (keyName.map { "&skn=\($0)" } ?? "")
    }

    /// As ``description``.
    public var debugDescription: String { description }
}
