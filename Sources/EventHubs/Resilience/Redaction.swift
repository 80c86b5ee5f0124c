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

/// Takes secrets out of text that came from elsewhere, before it becomes part of an error or a log line.
package enum Redaction {
    private static let labels = [
        "sig=", "sharedaccesskey=", "accountkey=", "bearer ", "client_secret=", "client_assertion=",
        // The beginning of every JSON web token: an opening brace and a quotation mark in base 64.
        "eyj",
    ]

    /// `text` with the values of signatures, keys and tokens replaced.
    package static func scrub(_ text: String) -> String {
        let lowered = text.lowercased()
        guard labels.contains(where: { lowered.range(ofSubstring: $0) != nil }) else { return text }
        var result = ""
        var rest = text[...]
        while let character = rest.first {
            if let label = labels.first(where: { rest.prefix($0.count).lowercased() == $0 }) {
                result += rest.prefix(label.count)
                result += "<redacted>"
                rest = rest.dropFirst(label.count).drop { !$0.isWhitespace && !"&;,'\")".contains($0) }
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
