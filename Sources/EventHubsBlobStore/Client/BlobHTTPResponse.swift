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

/// The answer to a request.
package struct BlobHTTPResponse: Sendable, Hashable {
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

    /// The service's error code: from the header, which is all there is in answer to HEAD, else from the body.
    var serviceCode: String? {
        if let code = headers["x-ms-error-code"] { return code }
        let text = String(decoding: body.prefix(4_096), as: UTF8.self)
        guard let start = text.firstRange(of: "<Code>"), let end = text.firstRange(of: "</Code>") else { return nil }
        guard start.upperBound <= end.lowerBound else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// The version mark of the blob, without its quotes: in a list it has none, in a header it has.
    var etag: String? { headers["etag"].map { BlobETag.normalized($0) } }

    /// Metadata by lower-case name.
    var metadata: [String: String] {
        var metadata: [String: String] = [:]
        for (name, value) in headers where name.hasPrefix("x-ms-meta-") {
            metadata[String(name.dropFirst("x-ms-meta-".count))] = value
        }
        return metadata
    }
}

/// Version marks of blobs are kept without quotes and sent with them.
enum BlobETag {
    static func normalized(_ text: String) -> String {
        let strong = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard strong.count >= 2, strong.first == "\"", strong.last == "\"" else { return String(strong) }
        return String(strong.dropFirst().dropLast())
    }

    static func quoted(_ etag: String) -> String { "\"\(etag)\"" }
}
