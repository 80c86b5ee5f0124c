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

/// The path of an entity, free of how the client happened to write it.
///
/// Clients name one node as a bare path, with a leading slash, or as a URI of several schemes with or without a port,
/// and percent-encode at will. What is left here are the decoded segments.
package struct EntityPath: Hashable, Sendable {
    /// The decoded segments, in the case they were written in.
    package var segments: [String]

    package init(segments: [String]) {
        self.segments = segments
    }

    /// Reads the address of a link: without a scheme the text is all path.
    package init(address: some StringProtocol) {
        self.init(Self.afterAuthority(of: address) ?? String(address))
    }

    /// Reads the resource of a token: without a scheme the text begins with the host.
    package init(resource: some StringProtocol) {
        if let path = Self.afterAuthority(of: resource) {
            self.init(path)
        } else {
            let text = String(resource)
            self.init(String(text.drop { $0 != "/" }))
        }
    }

    /// The segments in lower case: what two spellings of one entity have in common.
    package var folded: [String] { segments.map { $0.lowercased() } }

    /// Whether the other path is this one or lies beneath it.
    package func covers(_ other: EntityPath) -> Bool {
        let own = folded
        return other.folded.prefix(own.count).elementsEqual(own)
    }

    private init(_ path: String) {
        let withoutQuery = path.prefix { $0 != "?" }
        segments = withoutQuery.split(separator: "/", omittingEmptySubsequences: true).map(PercentCoding.decode)
    }

    /// What follows `scheme://authority`, or nil when there is no scheme.
    private static func afterAuthority(of text: some StringProtocol) -> String? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        let authority = text[colon...].dropFirst(3)
        return String(authority.drop { $0 != "/" })
    }
}
