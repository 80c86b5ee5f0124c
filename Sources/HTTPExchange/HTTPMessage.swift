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

/// A request, before it is on its way.
package struct HTTPRequest: Sendable, Hashable {
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    /// The whole URL. May hold a secret.
    package var url: String
    package var headers: [Field]
    /// Nil: none, and no `Content-Length` either.
    package var body: [UInt8]?

    package init(_ method: String, _ url: String, headers: [Field] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The answer to a request.
package struct HTTPResponse: Sendable, Hashable {
    package let status: Int
    /// By lower-case name.
    package let headers: [String: String]
    package let body: [UInt8]

    /// Makes a response; names of headers may be in any case.
    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = Dictionary(
            headers.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        self.body = body
    }
}

/// Why there is no answer. Never shows the URL, which may hold a secret.
package enum HTTPFailure: Error, Sendable, Hashable {
    /// The request's URL is none.
    case invalidURL
    /// The system gave up waiting.
    case timedOut
    /// There was no connection, or it was lost, or the task was cancelled.
    case connectionFailed(reason: String)
    /// The answer is larger than the limit, in bytes.
    case responseTooLarge(limit: Int)
    /// What came back is not HTTP.
    case notHTTP
}

extension HTTPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidURL: "the request makes no URL"
        case .timedOut: "nobody answered in time"
        case .connectionFailed(let reason): "the request failed: \(reason)"
        case .responseTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .notHTTP: "the answer is not HTTP"
        }
    }
}

/// Carries requests. Tests put one of their own here.
package protocol HTTPTransport: Sendable {
    /// Sends a request and collects the answer. Follows no redirection. Ends soon when its task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}
