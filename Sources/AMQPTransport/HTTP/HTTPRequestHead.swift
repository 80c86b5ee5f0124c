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

/// The head of a request: method, target and fields.
package struct HTTPRequestHead: Sendable, Hashable {
    package let method: String
    package let target: String
    package let fields: HTTPFields

    /// - Throws: `HTTPHeadError` when the start line is no request line of HTTP/1.1 (RFC 9112, section 3).
    package init(_ head: HTTPHead) throws(HTTPHeadError) {
        let parts = head.startLine.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].utf8.allSatisfy(HTTPHead.isTokenCharacter),
            !parts[1].isEmpty
        else { throw HTTPHeadError("no request line") }
        guard parts[2] == "HTTP/1.1" else { throw HTTPHeadError("not HTTP/1.1") }
        method = String(parts[0])
        target = String(parts[1])
        fields = head.fields
    }
}
