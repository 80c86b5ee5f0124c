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

/// Version marks of blobs are kept without quotes and sent with them.
enum BlobETag {
    static func normalized(_ text: String) -> String {
        let strong = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard strong.count >= 2, strong.first == "\"", strong.last == "\"" else { return String(strong) }
        return String(strong.dropFirst().dropLast())
    }

    static func quoted(_ etag: String) -> String { "\"\(etag)\"" }
}
