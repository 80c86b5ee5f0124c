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

import Testing

@testable import AMQPTransport

@Suite struct ProxyServerTests {
    @Test(arguments: [
        ("http://proxy.example.test:3128", ProxyServer(host: "proxy.example.test", port: 3128)),
        ("proxy:8080", ProxyServer(host: "proxy", port: 8080)),
        ("HTTP://proxy/", ProxyServer(host: "proxy", port: 80)),
        ("http://[::1]:3128", ProxyServer(host: "::1", port: 3128)),
        (
            "http://me:secret@proxy:1",
            ProxyServer(host: "proxy", port: 1, credentials: .init(user: "me", password: "secret"))
        ),
        (
            "http://do%40main%5Cme:p%3Aa%2F%25@proxy",
            ProxyServer(host: "proxy", port: 80, credentials: .init(user: "do@main\\me", password: "p:a/%"))
        ),
        ("me@proxy", ProxyServer(host: "proxy", port: 80, credentials: .init(user: "me", password: ""))),
    ])
    func addresses(url: String, proxy: ProxyServer) throws {
        #expect(try ProxyServer(url: url) == proxy)
    }

    @Test(arguments: [
        "", "http://", "https://proxy:1", "socks5://proxy:1", "http://proxy:0", "http://proxy:65536", "http://proxy:x",
        "http://proxy/path", "http://user:%zz@proxy", "http://a b:1", "http://[::1", "http://proxy\r\nX: y",
    ])
    func whatIsNoAddress(url: String) {
        #expect(throws: ProxyServer.AddressError.self) { try ProxyServer(url: url) }
    }

    @Test func noPasswordIsEverShown() throws {
        let proxy = try ProxyServer(url: "http://me:open-sesame@proxy:3128")
        var dumped = ""
        dump(proxy, to: &dumped)
        dump(proxy.credentials, to: &dumped)
        for text in ["\(proxy)", String(reflecting: proxy), "\(proxy.credentials as Any)", dumped] {
            #expect(!text.contains("open-sesame"))
        }
        let error = #expect(throws: ProxyServer.AddressError.self) {
            try ProxyServer(url: "https://me:open-sesame@proxy:3128")
        }
        #expect(error.map { "\($0)".contains("open-sesame") } == false)
        let none = try ProxyEnvironment(["HTTPS_PROXY": "http://a:b@p"]).proxy(toHost: "x", port: 1, isSecure: false)
        #expect(none == nil)
    }

    // MARK: The environment

    private func proxy(
        _ variables: [String: String],
        to host: String = "ns.servicebus.windows.net",
        port: Int = 443,
        isSecure: Bool = true
    ) throws -> String? {
        try ProxyEnvironment(variables).proxy(toHost: host, port: port, isSecure: isSecure)?.host
    }

    @Test func whichVariableCounts() throws {
        #expect(try proxy([:]) == nil)
        #expect(try proxy(["HTTPS_PROXY": "http://a"]) == "a")
        #expect(try proxy(["HTTPS_PROXY": "http://a", "https_proxy": "http://b"]) == "b")
        #expect(try proxy(["HTTPS_PROXY": ""]) == nil)
        #expect(try proxy(["http_proxy": "http://a"]) == nil)
        #expect(try proxy(["ALL_PROXY": "http://a"]) == "a")
        #expect(try proxy(["http_proxy": "http://a", "HTTPS_PROXY": "http://b"], isSecure: false) == "a")
        #expect(try proxy(["HTTP_PROXY": "http://a"], isSecure: false) == nil)
        let error = #expect(throws: ProxyServer.AddressError.self) { try self.proxy(["HTTPS_PROXY": "socks5://a"]) }
        #expect(error?.description.hasPrefix("HTTPS_PROXY is no address of a proxy") == true)
    }

    @Test(arguments: [
        ("*", true), ("windows.net", true), (".windows.net", true), ("*.windows.net", true),
        ("NS.servicebus.windows.net", true), ("other, servicebus.windows.net", true),
        ("ns.servicebus.windows.net:443", true),
        ("ns.servicebus.windows.net:5671", false), ("indows.net", false), ("example.test", false), ("", false),
        (".", false),
    ])
    func whatIsReachedDirectly(list: String, isDirect: Bool) throws {
        for name in ["NO_PROXY", "no_proxy"] {
            #expect((try proxy(["HTTPS_PROXY": "http://a", name: list]) == nil) == isDirect)
        }
    }

    @Test(arguments: ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"])
    func thisMachineIsReachedDirectly(host: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://a"], to: host) == nil)
    }
}
