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

import HTTPExchange

// What the Blob service says in its answers.
extension HTTPResponse {
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
