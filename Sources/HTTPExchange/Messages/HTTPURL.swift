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

/// Where requests of one kind of connection go.
package struct HTTPOrigin: Sendable, Hashable {
    package let isSecure: Bool
    /// A name in lower case or an address, IPv6 without its brackets.
    package let host: String
    package let port: Int

    /// Where a request to a URL goes; nil when it is none that this package asks.
    package init?(of url: String) {
        guard let url = HTTPURL(url) else { return nil }
        self = url.origin
    }

    init(isSecure: Bool, host: String, port: Int) {
        (self.isSecure, self.host, self.port) = (isSecure, host, port)
    }

    /// Whether nobody on the way can read what is sent: it goes over TLS, or stays on this machine.
    package var isConfidential: Bool { isSecure || ["localhost", "127.0.0.1", "::1"].contains(host) }
}

/// A URL with the scheme `http` or `https`, taken apart (RFC 3986, RFC 9110 section 4.2).
struct HTTPURL: Sendable, Hashable {
    let origin: HTTPOrigin
    /// What the header `Host` says.
    let authority: String
    /// Path and query, as they stand in the request line.
    let target: String

    /// Nil when the text is no such URL, has user information or a fragment, or characters that do not stand in URLs.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else { return nil }
        guard let separator = text.firstRange(of: "://") else { return nil }
        let isSecure: Bool
        switch text[..<separator.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        let target = rest[authority.endIndex...]
        self.authority = String(authority)
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
        origin = HTTPOrigin(isSecure: isSecure, host: host.lowercased(), port: port ?? (isSecure ? 443 : 80))
    }

    private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
        let host: Substring
        var rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || "-._~".contains($0) }) else {
                return nil
            }
        }
        if rest.isEmpty { return (String(host), nil) }
        guard rest.removeFirst() == ":" else { return nil }
        // The port may be left out behind its colon.
        if rest.isEmpty { return (String(host), nil) }
        guard rest.utf8.count <= 5, rest.allSatisfy({ $0.isNumber }), let port = Int(rest), (1...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }
}
