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

/// A request on the HTTP port, free of any HTTP library.
package struct ServiceRequest: Sendable {
    /// In upper case
    package var method: String
    /// The path as it was sent, still percent-encoded: signatures are over these characters.
    package var path: String
    /// The query as it was sent, without the question mark.
    package var query: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Header names as they were sent, by their lower case.
    private let spellings: [String: String]

    package init(method: String, path: String, query: String, headers: [String: String], body: [UInt8] = []) {
        self.method = method.uppercased()
        self.path = path
        self.query = query
        self.headers = Dictionary(
            headers.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        self.body = body
        spellings = Dictionary(headers.keys.map { ($0.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A header that is present and not empty.
    func header(_ name: String) -> String? {
        headers[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The decoded query, names in lower case, in the order sent.
    var parameters: [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1] : ""
            return (Self.decode(parts[0]).lowercased(), Self.decode(value))
        }
    }

    /// The first value of a query parameter that is present and not empty.
    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// The headers with their names as they were sent, in order.
    var fields: [(name: String, value: String)] {
        headers.sorted { $0.key < $1.key }.map { (spellings[$0.key] ?? $0.key, $0.value) }
    }

    private static func decode(_ text: Substring) -> String {
        PercentCoding.decode(text.contains("+") ? String(text.map { $0 == "+" ? " " : $0 }) : String(text))
    }
}

/// The answer to a request on the HTTP port.
package struct ServiceResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of a header, by its name in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
