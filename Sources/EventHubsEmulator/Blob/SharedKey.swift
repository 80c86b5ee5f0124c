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

/// The storage account that the emulator plays.
package struct StorageAccount: Sendable {
    package var name: String
    /// The key in base 64.
    package var key: String

    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }

    /// The publicly known development account.
    package static let development = StorageAccount(
        name: "devstoreaccount1",
        key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    )
}

/// The SharedKey signature of requests to the Blob service.
package enum SharedKey {
    /// The signature of a request in base 64; nil when the account's key is not base 64.
    package static func signature(of request: ServiceRequest, account: StorageAccount) -> String? {
        guard let key = Base64.decode(account.key) else { return nil }
        return Base64.encode(hmacSHA256(key: key, data: Array(stringToSign(request, account: account.name).utf8)))
    }

    /// What is signed: the verb, the standard headers, the `x-ms-` headers and the resource.
    package static func stringToSign(_ request: ServiceRequest, account: String) -> String {
        var lines = [request.method]
        for name in standardHeaders {
            let value = request.headers[name] ?? ""
            switch name {
            case "content-length" where value == "0": lines.append("")
            case "date" where request.headers["x-ms-date"] != nil: lines.append("")
            default: lines.append(value)
            }
        }
        let own = request.headers.filter { $0.key.hasPrefix("x-ms-") }.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        lines += own.map { "\($0.key):\($0.value)" }
        lines.append(resource(request, account: account))
        return lines.joined(separator: "\n")
    }

    private static let standardHeaders = [
        "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
        "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
    ]

    private static func resource(_ request: ServiceRequest, account: String) -> String {
        var resource = "/" + account + request.path
        let byName = Dictionary(grouping: request.parameters, by: \.name)
        for (name, parameters) in byName.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            resource += "\n\(name):" + parameters.map(\.value).sorted().joined(separator: ",")
        }
        return resource
    }
}
