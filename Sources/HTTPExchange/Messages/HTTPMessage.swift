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
    /// Sent in this order, with the names as they stand here. `Host` and `Content-Length` are added and must not be given.
    package var headers: [Field]
    /// Nil: none. Then only methods that usually carry one say that its length is zero.
    package var body: [UInt8]?

    package init(_ method: String, _ url: String, headers: [Field] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of a name, in whatever case; empty if there is none.
    package func header(_ name: String) -> String {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value ?? ""
    }
}

/// The answer to a request.
package struct HTTPResponse: Sendable, Hashable {
    package let status: Int
    /// By lower-case name. Values of a name that comes more than once are joined by commas, as RFC 9110, section 5.3, has it.
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

/// Carries requests. Tests put one of their own here.
package protocol HTTPTransport: Sendable {
    /// Sends a request and collects the answer. Follows no redirection. Ends soon when its task is cancelled, and has no other
    /// time limit: whoever asks has one, by a clock of its own.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse
}
