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

/// The head of an answer: status and fields.
package struct HTTPResponseHead: Sendable, Hashable {
    /// The second number of the version, 0 or 1.
    package let minorVersion: Int
    /// 100 to 599.
    package let status: Int
    /// The words behind the status, for people.
    package let reason: String
    package let fields: HTTPFields

    /// - Throws: `HTTPHeadError` when the start line is no status line (RFC 9112, section 4).
    package init(_ head: HTTPHead) throws(HTTPHeadError) {
        let parts = head.startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { throw HTTPHeadError("no status line") }
        switch parts[0] {
        case "HTTP/1.0": minorVersion = 0
        case "HTTP/1.1": minorVersion = 1
        default: throw HTTPHeadError("not HTTP/1.1")
        }
        guard parts[1].utf8.count == 3, let status = Int(parts[1]), (100...599).contains(status) else {
            throw HTTPHeadError("no status")
        }
        self.status = status
        reason = parts.count > 2 ? String(parts[2]) : ""
        fields = head.fields
    }
}
