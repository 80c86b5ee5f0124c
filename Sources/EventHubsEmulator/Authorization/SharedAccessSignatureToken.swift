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

/// The parts of a `SharedAccessSignature …` token, as its sender wrote them.
package struct SharedAccessSignatureToken: Equatable, Sendable {
    /// The resource exactly as received: the signature is over these characters.
    package var resource: String
    /// The signature, percent-decoded, in base 64.
    package var signature: String
    /// The expiry exactly as received.
    package var expiry: String
    package var keyName: String

    /// The longest token that is looked at.
    package static let maximumLength = 16 * 1024

    package init?(parsing text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "sharedaccesssignature" else { return nil }
        var fields: [String: Substring] = [:]
        for field in words[1].split(separator: "&") {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            fields[field[..<equals].lowercased()] = field[field.index(after: equals)...]
        }
        guard let resource = fields["sr"], let signature = fields["sig"], let expiry = fields["se"],
            let keyName = fields["skn"]
        else { return nil }
        self.resource = String(resource)
        self.signature = PercentCoding.decode(signature)
        self.expiry = String(expiry)
        self.keyName = PercentCoding.decode(keyName)
    }

    /// What the signature is computed over.
    package var stringToSign: String { resource + "\n" + expiry }

    /// The entity that the token is good for.
    package var path: EntityPath { EntityPath(resource: PercentCoding.decode(resource)) }

    /// Milliseconds since 1970; nil when the text is not a number of seconds.
    package var expiryTime: Int64? {
        guard let seconds = Int64(expiry), seconds >= 0 else { return nil }
        let (milliseconds, overflows) = seconds.multipliedReportingOverflow(by: 1000)
        return overflows ? .max : milliseconds
    }
}
