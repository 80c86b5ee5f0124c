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
import Foundation
import HTTPExchange

/// An account's key, and the signatures it makes (authorization scheme `SharedKey` of the Blob service).
package struct AccountKey: Sendable, Hashable {
    /// The account's name.
    package let account: String
    private let key: Secret

    /// Nil when the key is not base 64.
    package init?(account: String, base64Key: String) {
        guard let bytes = Base64.decode(base64Key), !bytes.isEmpty else { return nil }
        self.account = account
        key = Secret(base64Key)
    }

    /// The value of the `Authorization` header.
    func authorization(of request: HTTPRequest) -> String {
        let text = stringToSign(of: request)
        let signature = hmacSHA256(key: Base64.decode(key.revealed) ?? [], data: Array(text.utf8))
        return "SharedKey \(account):\(Base64.encode(signature))"
    }

    /// What is signed: the verb, eleven headers, the `x-ms-` headers, the resource.
    func stringToSign(of request: HTTPRequest) -> String {
        let length = request.body?.count ?? 0
        let fields = [
            request.method,
            request.header("Content-Encoding"),
            request.header("Content-Language"),
            length == 0 ? "" : String(length),
            request.header("Content-MD5"),
            request.header("Content-Type"),
            request.header("x-ms-date").isEmpty ? request.header("Date") : "",
            request.header("If-Modified-Since"),
            request.header("If-Match"),
            request.header("If-None-Match"),
            request.header("If-Unmodified-Since"),
            request.header("Range"),
        ]
        return fields.map { $0 + "\n" }.joined() + canonicalHeaders(of: request) + canonicalResource(of: request)
    }

    private func canonicalHeaders(of request: HTTPRequest) -> String {
        request.headers
            .map { (name: $0.name.lowercased(), value: $0.value) }
            .filter { $0.name.hasPrefix("x-ms-") }
            .sorted { $0.name < $1.name }
            .map { "\($0.name):\($0.value)\n" }
            .joined()
    }

    /// The account, the path as it is sent, and the parameters in the order of their names, decoded.
    private func canonicalResource(of request: HTTPRequest) -> String {
        let parts = request.url.split(separator: "?", maxSplits: 1)
        let path =
            parts[0].split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3).first ?? ""
        var values: [String: [String]] = [:]
        for parameter in (parts.dropFirst().first ?? "").split(separator: "&") {
            let item = parameter.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? String($0) }
            values[item[0].lowercased(), default: []].append(item.dropFirst().first ?? "")
        }
        let parameters = values.sorted { $0.key < $1.key }.map {
            "\n\($0.key):\($0.value.sorted().joined(separator: ","))"
        }
        return "/\(account)/\(path)" + parameters.joined()
    }
}
