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

/// One request to the Blob service, before it is on its way.
package struct BlobHTTPRequest: Sendable, Hashable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case delete = "DELETE"
    }

    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let method: Method
    /// Scheme, host and port.
    package let origin: String
    /// The path, percent-encoded.
    package let path: String
    /// The parameters, not encoded.
    package let query: [Field]
    /// A query that is encoded and signed already.
    package var signedQuery = ""
    package var headers: [Field]
    package let body: [UInt8]

    package init(
        _ method: Method,
        origin: String,
        path: String,
        query: [Field] = [],
        headers: [Field] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.origin = origin
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of a header; empty if there is none.
    package func header(_ name: String) -> String {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value ?? ""
    }

    /// The whole URL. May hold a secret.
    package var url: String {
        let own = query.map { "\($0.name.percentEncoded(keeping: ""))=\($0.value.percentEncoded(keeping: ""))" }
        let parameters = own + (signedQuery.isEmpty ? [] : [signedQuery])
        return origin + path + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }
}

extension String {
    /// All bytes but unreserved characters (RFC 3986) and those to keep are written as `%XX`.
    func percentEncoded(keeping kept: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            case _ where kept.utf8.contains(byte):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
