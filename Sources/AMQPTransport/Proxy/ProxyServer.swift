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

/// An HTTP proxy that tunnels connections with CONNECT, and what it is told to let us.
package struct ProxyServer: Sendable, Hashable {
    /// A name and a password, for the Basic scheme (RFC 7617). Never shown.
    package struct Credentials: Sendable, Hashable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Why an address is none of a proxy. The address itself is not shown: it may hold a password.
    package struct AddressError: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    package var host: String
    package var port: Int
    package var credentials: Credentials?

    package init(host: String, port: Int, credentials: Credentials? = nil) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// Reads `[http://][user:password@]host[:port][/]`; user and password may be percent-encoded, the port is 80 unless given.
    package init(url: String) throws(AddressError) {
        var rest = url[...]
        if let scheme = rest.firstRange(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "http" else {
                throw AddressError(description: "only proxies that are spoken to in plain HTTP are possible")
            }
            rest = rest[scheme.upperBound...]
        }
        if let path = rest.firstIndex(of: "/") {
            guard rest.index(after: path) == rest.endIndex else { throw AddressError(description: "it has a path") }
            rest = rest[..<path]
        }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let user = Self.percentDecoded(parts[0]),
                let password = Self.percentDecoded(parts.dropFirst().first ?? "")
            else { throw AddressError(description: "its user or password is not percent-encoded as it should be") }
            credentials = Credentials(user: user, password: password)
            rest = rest[rest.index(after: at)...]
        } else {
            credentials = nil
        }
        guard let (host, port) = Self.hostAndPort(rest), !host.isEmpty,
            host.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw AddressError(description: "it does not name a host and a port from 1 to 65535") }
        self.host = host
        self.port = port ?? 80
    }

    /// Splits `host:port` or `[address]:port`; nil when the port is none.
    static func hostAndPort(_ text: Substring) -> (host: String, port: Int?)? {
        var host = text
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":"), text[..<colon].firstIndex(of: ":") == nil {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard let portText else { return (String(host), nil) }
        guard let port = UInt16(portText), port > 0 else { return nil }
        return (String(host), Int(port))
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ProxyServer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host and port.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ProxyServer.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
