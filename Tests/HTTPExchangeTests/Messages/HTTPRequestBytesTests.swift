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

@Suite struct HTTPRequestBytesTests {
    private func text(_ request: HTTPRequest) throws -> String {
        String(decoding: try request.bytes(to: try #require(HTTPURL(request.url))), as: UTF8.self)
    }

    /// RFC 9112, section 3.2.1, and what every request of ours says besides.
    @Test func requestWithoutABody() throws {
        let request = HTTPRequest("GET", "http://www.example.org/where?q=now")
        #expect(
            try text(request)
                == lines("GET /where?q=now HTTP/1.1", "Host: www.example.org", "User-Agent: swift-event-hubs", "")
        )
    }

    @Test func namesAreSentAsGivenAndInOrder() throws {
        let request = HTTPRequest(
            "PUT",
            "http://127.0.0.1:10000/a",
            headers: [
                .init("x-ms-meta-ownerid", ""), .init("If-None-Match", "*"), .init("x-ms-META-b", "a, b;c=\"d\""),
                .init("User-Agent", "other"),
            ],
            body: Array("body".utf8)
        )
        #expect(
            try text(request)
                == lines(
                    "PUT /a HTTP/1.1",
                    "Host: 127.0.0.1:10000",
                    "x-ms-meta-ownerid: ",
                    "If-None-Match: *",
                    "x-ms-META-b: a, b;c=\"d\"",
                    "User-Agent: other",
                    "Content-Length: 4",
                    ""
                ) + "body"
        )
    }

    @Test(arguments: [
        ("PUT", true), ("POST", true), ("PATCH", true), ("GET", false), ("HEAD", false), ("DELETE", false),
    ])
    func lengthOfNothing(method: String, isTold: Bool) throws {
        #expect(try text(HTTPRequest(method, "http://a/")).contains("Content-Length: 0\r\n") == isTold)
        #expect(try text(HTTPRequest(method, "http://a/", body: [])).contains("Content-Length: 0\r\n"))
    }

    /// What would let a value write lines of its own, or frame the message otherwise.
    @Test(arguments: [
        ("x", "a\r\nHost: b"), ("x", "a\nb"), ("x", "a\rb"), ("x", "a\0b"), ("x\r\ny", "a"), ("x y", "a"), ("", "a"),
        ("x:", "a"), ("\u{e9}", "a"), ("Host", "b"), ("content-length", "3"), ("Transfer-Encoding", "chunked"),
        ("CONNECTION", "close"),
    ])
    func headersThatCannotBeSent(name: String, value: String) throws {
        let request = HTTPRequest("GET", "http://a/", headers: [.init(name, value)])
        let error = #expect(throws: HTTPFailure.self) { try text(request) }
        guard case .invalidRequest = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["", "GET /", "G\r\nT", "G\u{e9}T"])
    func methodsThatAreNone(method: String) throws {
        #expect(throws: HTTPFailure.invalidRequest(name: "the method")) { try text(HTTPRequest(method, "http://a/")) }
    }

    /// URLs and values may hold signatures and tokens.
    @Test func failuresShowNoSecrets() {
        let secret = "sig=c2VjcmV0"
        let request = HTTPRequest("GET", "http://a/?\(secret)", headers: [.init("Authorization", "\(secret)\n")])
        let error = #expect(throws: HTTPFailure.self) { try text(request) }
        #expect(error.map { "\($0)".contains(secret) } == false)
    }
}
