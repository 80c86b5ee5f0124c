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

@testable import HTTPExchange

@Suite struct HTTPURLTests {
    @Test(
        arguments: [
            ("https://example.com/a", true), ("HTTP://LocalHost:8080/a", true), ("http://127.0.0.1", true),
            ("http://[::1]:80/", true), ("http://example.com", false), ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false), ("http://localhost:80@example.com", nil), ("ftp://localhost", nil),
        ] as [(String, Bool?)]
    )
    func confidential(text: String, isConfidential: Bool?) {
        #expect(HTTPOrigin(of: text)?.isConfidential == isConfidential)
    }

    @Test(
        arguments: [
            ("http://example.com", "example.com", 80, false, "example.com", "/"),
            ("HTTPS://Example.COM/", "example.com", 443, true, "Example.COM", "/"),
            (
                "http://example.com:8080/a/%24b?c=d&e=/f", "example.com", 8_080, false, "example.com:8080",
                "/a/%24b?c=d&e=/f"
            ),
            ("https://example.com?sv=1", "example.com", 443, true, "example.com", "/?sv=1"),
            ("http://127.0.0.1:10000/x", "127.0.0.1", 10_000, false, "127.0.0.1:10000", "/x"),
            ("http://[::1]:10000/x", "::1", 10_000, false, "[::1]:10000", "/x"),
            ("http://[2001:DB8::1]", "2001:db8::1", 80, false, "[2001:DB8::1]", "/"),
            ("http://example.com:/", "example.com", 80, false, "example.com:", "/"),
            (
                "http://my_storage-1.blob.core.windows.net.", "my_storage-1.blob.core.windows.net.", 80, false,
                "my_storage-1.blob.core.windows.net.", "/"
            ),
        ] as [(String, String, Int, Bool, String, String)]
    )
    func parts(text: String, host: String, port: Int, isSecure: Bool, authority: String, target: String) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.origin == HTTPOrigin(isSecure: isSecure, host: host, port: port))
        #expect(url.authority == authority)
        #expect(url.target == target)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "ftp://example.com", "http:/example.com", "http://", "http:///path",
        "http://user@example.com/", "http://user:password@example.com/", "http://example.com/#fragment",
        "http://exa mple.com/", "http://example.com/a b", "http://example.com/\u{e9}", "http://b\u{fc}cher.example/",
        "http://example.com/\r\nX: y", "http://example.com\r\n/", "http://example.com:0/", "http://example.com:65536/",
        "http://example.com:-1/", "http://example.com:80x/", "http://example.com:8 0/", "http://:80/", "http://[::1/",
        "http://[]/", "http://[::1]80/", "http://[example]/", "http://[::1%25eth0]/", "http://a,b/", "http://a\\b/",
        "http://%65xample.com/", "http://example.com:999999999999999999999/",
    ])
    func whatIsNone(text: String) {
        #expect(HTTPURL(text) == nil)
    }
}
