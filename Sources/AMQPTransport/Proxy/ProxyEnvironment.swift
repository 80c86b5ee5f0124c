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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The proxies that the environment names: `HTTPS_PROXY` for TLS, `http_proxy` for plain connections, `ALL_PROXY` for
/// both, `NO_PROXY` for what is reached directly; in small letters too, which come first.
///
/// `HTTP_PROXY` in capitals is not read: whoever sends a header `Proxy` to a CGI script could set it.
package struct ProxyEnvironment: Sendable {
    private static let names = [
        "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    private let variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The environment of this process.
    package static func ofThisProcess() -> ProxyEnvironment {
        var variables: [String: String] = [:]
        for name in names {
            if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
        }
        return ProxyEnvironment(variables)
    }

    /// The proxy on the way to `host`; nil when it is reached directly.
    ///
    /// - Throws: `ProxyServer.AddressError`, with the variable's name, when there is something else in it.
    package func proxy(
        toHost host: String,
        port: Int,
        isSecure: Bool
    ) throws(ProxyServer.AddressError) -> ProxyServer? {
        let candidates = (isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
        guard let (name, url) = first(of: candidates), !isDirect(host: host, port: port) else { return nil }
        do throws(ProxyServer.AddressError) {
            return try ProxyServer(url: url)
        } catch {
            throw ProxyServer.AddressError(description: "\(name) is no address of a proxy: \(error.description)")
        }
    }

    /// This machine, and what `NO_PROXY` lists: names with all that is below them, addresses, either with a port, or `*`.
    private func isDirect(host: String, port: Int) -> Bool {
        var host = host.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        if host == "localhost" || host == "::1" || host.hasPrefix("127.") { return true }
        guard let (_, list) = first(of: ["no_proxy", "NO_PROXY"]) else { return false }
        return list.lowercased().split { $0 == "," || $0 == " " }.contains { entry in
            if entry == "*" { return true }
            guard let (name, entryPort) = ProxyServer.hostAndPort(entry), entryPort == nil || entryPort == port else {
                return false
            }
            let domain =
                name.hasPrefix("*.") ? String(name.dropFirst(2)) : name.hasPrefix(".") ? String(name.dropFirst()) : name
            return !domain.isEmpty && (host == domain || host.hasSuffix("." + domain))
        }
    }

    private func first(of names: [String]) -> (name: String, value: String)? {
        for name in names {
            if let value = variables[name], !value.isEmpty { return (name, value) }
        }
        return nil
    }
}
