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

internal import AMQPClient
internal import ArgumentParser

/// `amqp[s]://[user:password@]host[:port]/address`: an AMQP 1.0 node to measure against.
struct NodeURL {
    let endpoint: AMQPEndpoint
    let address: String
    let sasl: AMQPConnectionConfiguration.SASL

    /// - Parameters:
    ///   - text: the URL.
    ///   - caFile: a PEM file with the certificates to trust, for `amqps`.
    /// - Throws: a `ValidationError` that does not repeat the URL.
    init(_ text: String, caFile: String?) throws {
        guard let schemeEnd = text.firstRange(of: "://") else { throw Self.invalid(text) }
        let scheme = text[..<schemeEnd.lowerBound]
        guard scheme == "amqp" || scheme == "amqps" else { throw Self.invalid(text) }
        let rest = text[schemeEnd.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        address = String(rest[slash...].dropFirst())
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") {
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            sasl = .plain(
                user: Self.percentDecoded(parts.first ?? ""),
                password: Self.percentDecoded(parts.dropFirst().first ?? "")
            )
            authority = authority[authority.index(after: at)...]
        } else {
            sasl = .anonymous
        }
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else {
                throw Self.invalid(text)
            }
            port = number
            authority = authority[..<colon]
        }
        let host = authority.drop { $0 == "[" }.prefix { $0 != "]" }
        guard !host.isEmpty, !address.isEmpty else { throw Self.invalid(text) }
        let tls = scheme == "amqps" ? AMQPEndpoint.TLS(trustedCertificatesFile: caFile) : nil
        endpoint = AMQPEndpoint(host: String(host), port: port, tls: tls)
    }

    private static func invalid(_ text: String) -> ValidationError {
        // The text may hold a password: it is not repeated.
        ValidationError("--url has to look like amqp[s]://[user:password@]host[:port]/address")
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let decoded = UInt8(Substring(rest.prefix(2)), radix: 16) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
