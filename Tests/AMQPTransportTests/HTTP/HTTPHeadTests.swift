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

@Suite struct HTTPHeadTests {
    private func head(_ text: String) throws -> HTTPHead {
        var reader = HTTPHeadReader()
        return try #require(try reader.take(Array(text.utf8)[...])).head
    }

    /// The server's handshake of RFC 6455, section 1.3.
    private let response = """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        Sec-WebSocket-Protocol: chat\r
        \r

        """

    @Test func aHeadIsReadAtEverySplit() throws {
        let bytes = Array((response + "rest").utf8)
        for split in 0...bytes.count {
            var reader = HTTPHeadReader()
            var answer = try reader.take(bytes[..<split])
            var rest = Array(answer?.rest ?? [])
            if answer == nil {
                answer = try reader.take(bytes[split...])
                rest = Array(try #require(answer).rest)
            } else {
                rest += bytes[split...]
            }
            let head = try HTTPResponseHead(try #require(answer).head)
            #expect(head.status == 101)
            #expect(head.minorVersion == 1)
            #expect(head.reason == "Switching Protocols")
            #expect(head.fields.value(of: "upgrade") == "websocket")
            #expect(head.fields.value(of: "sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(rest == Array("rest".utf8))
        }
    }

    @Test func fieldsAreComparedWithoutCaseAndListsAreSplit() throws {
        let head = try head(
            "GET / HTTP/1.1\r\nconnection: keep-alive, Upgrade\r\nX: 1\r\nCONNECTION: te\r\nx:2 \t\r\n\r\n"
        )
        #expect(head.fields.list(of: "Connection") == ["keep-alive", "Upgrade", "te"])
        #expect(head.fields.list(of: "Connection", contains: "upgrade"))
        #expect(head.fields.values(of: "X") == ["1", "2"])
        #expect(head.fields.value(of: "X") == nil)
        let request = try HTTPRequestHead(head)
        #expect(request.method == "GET" && request.target == "/")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\n: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \u{0}\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\u{7F}\r\n\r\n",
    ])
    func whatIsNoHead(text: String) {
        #expect(throws: HTTPHeadError.self) { try self.head(text) }
    }

    @Test(arguments: [
        "HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 +20 OK", "HTTP/1.1", "200 OK",
        "HTTP/1.1 999 x",
    ])
    func whatIsNoStatusLine(line: String) throws {
        let head = try head("\(line)\r\n\r\n")
        #expect(throws: HTTPHeadError.self) { try HTTPResponseHead(head) }
    }

    @Test(arguments: [
        "GET /", "GET / HTTP/1.0", "GET  / HTTP/1.1", " GET / HTTP/1.1", "G(T / HTTP/1.1", "GET / HTTP/1.1 x",
    ])
    func whatIsNoRequestLine(line: String) throws {
        let head = try head("\(line)\r\n\r\n")
        #expect(throws: HTTPHeadError.self) { try HTTPRequestHead(head) }
    }

    @Test func aStatusNeedsNoReason() throws {
        #expect(try HTTPResponseHead(head("HTTP/1.0 200\r\n\r\n")).reason == "")
        #expect(try HTTPResponseHead(head("HTTP/1.0 200 \r\n\r\n")).minorVersion == 0)
    }

    @Test func aHeadThatDoesNotEndIsGivenUp() {
        var reader = HTTPHeadReader(limit: 100)
        #expect(throws: HTTPHeadError("more than 100 bytes")) {
            for _ in 0..<50 { _ = try reader.take(Array("abc".utf8)[...]) }
        }
    }

    @Test func tooManyFieldsAreGivenUp() throws {
        let fields = String(repeating: "a: b\r\n", count: HTTPHead.maximumFields)
        #expect(try head("GET / HTTP/1.1\r\n\(fields)\r\n").fields.all.count == HTTPHead.maximumFields)
        #expect(throws: HTTPHeadError.self) { try self.head("GET / HTTP/1.1\r\n\(fields)a: b\r\n\r\n") }
    }
}
